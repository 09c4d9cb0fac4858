"""How wide a text is in a picture of ours, so that it can be broken into lines before any browser sees it."""

import unicodedata
from collections.abc import Iterator
from itertools import accumulate, takewhile

# Advance widths of Arial (and of Helvetica and Liberation Sans, which share them) in thousandths of the size, from
# the space to the tilde; a table of a font's metrics, read off the font itself.
WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
ADVANCES = {chr(code): int(width) for code, width in enumerate(WIDTHS.split(), ord(" "))}
FULL, USUAL = 1000, 600
ALLOWANCE = 1.08
"""Bold words, and the fonts of machines without Arial, are a little wider."""
ELLIPSIS = "..."


def width(text: str, size: float) -> float:
    """Of one line, in the unit of `size`."""
    return sum(map(advance, text)) * size * ALLOWANCE / 1000


def advance(character: str) -> int:
    """In thousandths of the size: combining marks take none, the signs of East Asia a whole square."""
    if character in ADVANCES:
        return ADVANCES[character]
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return FULL if unicodedata.east_asian_width(character) in "WF" else USUAL


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """At most `most` lines that fit into `room`; three dots stand for what is left out."""
    # No more can be shown than this, and a text may have 65,536 characters.
    pieces = broken(text[: most * 200].split(), size, room)
    found = [line for line, _ in zip(pieces, range(most + 1), strict=False)]
    if len(found) <= most:
        return found
    return [*found[: most - 1], fitting(found[most - 1], size, room - width(ELLIPSIS, size)).rstrip() + ELLIPSIS]


def broken(words: list[str], size: float, room: float) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            yield line
        rest = word
        while width(rest, size) > room:
            part = fitting(rest, size, room)
            yield part
            rest = rest[len(part) :]
        line = rest
    if line:
        yield line


def fitting(text: str, size: float, room: float) -> str:
    """The longest beginning that fits, at least one character."""
    sums = accumulate(width(character, size) for character in text)
    return text[: max(1, sum(1 for _ in takewhile(lambda so_far: so_far <= room, sums)))]
