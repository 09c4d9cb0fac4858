"""A sheet of cells, whether it came out of a workbook or out of a CSV."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from exchange.cells import Cell


class Grid(Protocol):
    """`name` is empty where there is but one sheet.

    Rows count from 1 as a spreadsheet does, columns from 0 as a sequence does.
    """

    @property
    def name(self) -> str: ...

    def rows(self) -> Iterator[Sequence[Cell]]:
        """All rows from the first on, empty ones too; each call begins anew. Raises HazardLogRefused."""
        ...


def place(row: int, column: int) -> str:
    """The name of a cell as a spreadsheet shows it: row 7, column 12 is M7."""
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def column_number(letters: str) -> int:
    """The column of `letters`, from 0: A is 0, AB is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
