"""One cell, several items: where a cell that lists causes or controls falls apart, without losing a line."""

import re
from collections.abc import Iterator

# "1. ", "1)", "(1) "; a digit right behind is a number such as 1.5, not a place in a list.
NUMBERED = re.compile(r"\s*\(?(?P<number>\d{1,3})[.)](?!\d)[ \t\xa0]*")
BULLET = re.compile(r"\s*(?P<bullet>[-*\u2022\u00b7\u2013\u25cf\u25aa])[ \t\xa0]+")
# How the first line of every list begins; most texts are none.
BEGUN = re.compile(rf"{NUMBERED.pattern}|{BULLET.pattern}")


def items_of(text: str) -> tuple[str, ...]:
    """The items of a list, or else every line that is not empty."""
    return listed_items(text) or tuple(line.strip() for line in _lines(text))


def listed_items(text: str) -> tuple[str, ...]:
    """The items of a cell that is numbered 1, 2, 3 without a gap, or bears one bullet; nothing for any other text.

    A line without a mark continues its item. Marks are taken off only when every line has one; otherwise the text
    stays word for word.
    """
    if not BEGUN.match(text):
        return ()
    lines = _lines(text)
    for starts in (list(_numbered(lines)), list(_bulleted(lines))):
        if starts and starts[0][0] == 0:
            return _apart(lines, starts)
    return ()


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _numbered(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The lines that bear the next number in turn, each with the width of its mark; nothing if a number is missing."""
    marks = [(index, mark) for index, line in enumerate(lines) if (mark := NUMBERED.match(line))]
    if [int(mark["number"]) for _, mark in marks] == list(range(1, len(marks) + 1)):
        yield from ((index, mark.end()) for index, mark in marks)


def _bulleted(lines: list[str]) -> Iterator[tuple[int, int]]:
    first = BULLET.match(lines[0]) if lines else None
    for index, line in enumerate(lines if first else ()):
        if first and (mark := BULLET.match(line)) and mark["bullet"] == first["bullet"]:
            yield index, mark.end()


def _apart(lines: list[str], starts: list[tuple[int, int]]) -> tuple[str, ...]:
    if len(starts) == len(lines):
        return tuple(line[width:] for line, (_, width) in zip(lines, starts, strict=True) if line[width:])
    ends = [index for index, _ in starts[1:]] + [len(lines)]
    return tuple("\n".join(lines[start:end]).strip() for (start, _), end in zip(starts, ends, strict=True))
