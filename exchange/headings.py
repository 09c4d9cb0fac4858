"""Finds the headings of a hazard log in a sheet, by what they say and under which groups, not by where they stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exchange.cells import Cell, text_of
from exchange.grid import column_letters
from exchange.layouts import Layout, heading_words
from exchange.limits import HEADING_ROWS

# As much of a heading as a message repeats.
LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Headings:
    """`row` is the last row of headings, from 1; columns count from 0. `titles` has also those without a field."""

    layout: Layout
    row: int
    fields: Mapping[int, str]
    titles: Mapping[int, str]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.missing and not self.doubled


def find_headings(rows: Sequence[Sequence[Cell]], layouts: Iterable[Layout]) -> Headings | None:
    """The row and layout under which most columns have a meaning; the first of equals, None if nothing fits at all."""
    best: Headings | None = None
    for found in _candidates([[text_of(cell) for cell in row] for row in rows], tuple(layouts)):
        if best is None or (found.complete, len(found.fields)) > (best.complete, len(best.fields)):
            best = found
    return best


def _candidates(rows: list[list[str]], layouts: tuple[Layout, ...]) -> Iterator[Headings]:
    for index, row in enumerate(rows):
        if not any(row):
            continue
        above = [groups for groups in rows[max(0, index + 1 - HEADING_ROWS) : index] if not _is_title(groups, row)]
        paths = dict(_paths([*above, row]))
        titles = _titles(paths)
        for layout in layouts:
            found = _understood(layout, index + 1, paths, titles)
            if found.fields:
                yield found


def _is_title(row: list[str], headings: list[str]) -> bool:
    """One text over all columns parts none from another: it is the title of the document, or a line of its details."""
    filled = [column for column, text in enumerate(row) if text]
    return len(filled) == 1 and filled[0] <= next(column for column, text in enumerate(headings) if text)


def _paths(rows: list[list[str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """For each column with a heading: the groups above it and the heading itself.

    The heading is the lowest text of the column. A group reaches right until another begins in its row or above it,
    as merged cells do; a reader cannot see the merge itself in a CSV.
    """
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    groups = [""] * len(rows)
    for column in range(width):
        own = [row[column] for row in padded]
        for level, text in enumerate(own):
            if text:
                groups[level:] = [text, *[""] * (len(rows) - level - 1)]
        lowest = max((level for level, text in enumerate(own) if text), default=None)
        if lowest is not None:
            yield column, tuple(text for text in groups[: lowest + 1] if text)


def _understood(layout: Layout, row: int, paths: Mapping[int, tuple[str, ...]], titles: Mapping[int, str]) -> Headings:
    fields = {column: field for column, path in paths.items() if (field := _field(layout, path))}
    fields |= _by_order(layout, {column: path for column, path in paths.items() if column not in fields})
    counted = Counter(fields.values())
    return Headings(
        layout=layout,
        row=row,
        fields=dict(sorted(fields.items())),
        titles=titles,
        missing=tuple(sorted(layout.required - counted.keys())),
        doubled=tuple(_title(paths[column]) for column, field in fields.items() if counted[field] > 1),
    )


def _field(layout: Layout, path: tuple[str, ...]) -> str | None:
    """By the whole path, then without its highest groups: titles of the document may stand above them."""
    for start in range(len(path)):
        field = layout.headings.get(heading_words(" ".join(path[start:])))
        if field:
            return field
    return None


def _by_order(layout: Layout, paths: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    """Headings that lost their groups, as in a CSV of the lowest row alone: their order tells, if none is missing."""
    found: dict[int, str] = {}
    columns: dict[str, list[int]] = {}
    for column, path in paths.items():
        columns.setdefault(heading_words(path[-1]).rstrip(" 0123456789"), []).append(column)
    for heading, fields in layout.repeated.items():
        if len(columns.get(heading, ())) == len(fields):
            found |= dict(zip(columns[heading], fields, strict=True))
    return found


def _titles(paths: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    """No two alike, so that texts which are kept under their heading never replace one another."""
    titles = {column: _title(path) for column, path in paths.items()}
    counted = Counter(titles.values())
    return {
        column: title if counted[title] == 1 else f"{title} (column {column_letters(column)})"
        for column, title in titles.items()
    }


def _title(path: tuple[str, ...]) -> str:
    words = ", ".join(" ".join(part.split()) for part in path)
    return "".join(character for character in words if character.isprintable())[:LONGEST_TITLE]
