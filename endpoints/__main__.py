"""Prints every URL with who may call it and the file that serves it: `python -m endpoints`, kept in docs/urls.txt."""

import sys
from collections.abc import Iterable

import endpoints
from endpoints._loader import load
from endpoints._tree import Operation

Row = tuple[str, str, str, str]


def rows(operations: Iterable[Operation]) -> list[Row]:
    """Method, path, who may call it, file: a row a method, in the order of the paths."""
    found = [(method, one.url, one.access.name, one.file) for one in operations for method in one.methods]
    return sorted(found, key=lambda row: (row[1], row[0]))


def table(operations: Iterable[Operation]) -> str:
    lines = rows(operations)
    widths = [max(len(row[column]) for row in lines) for column in range(3)]
    return "".join("  ".join([*map(str.ljust, row, widths), row[3]]) + "\n" for row in lines)


if __name__ == "__main__":
    sys.stdout.write(table(load(endpoints)))
