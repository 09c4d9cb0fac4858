"""Cells are named as spreadsheets name them."""

import openpyxl.utils
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.grid import column_letters, column_number, place


@given(st.integers(min_value=0, max_value=16_383))
def test_columns_are_named_as_excel_names_them(column: int) -> None:
    assert column_letters(column) == openpyxl.utils.get_column_letter(column + 1)
    assert column_number(column_letters(column)) == column


@pytest.mark.parametrize(("row", "column", "name"), [(1, 0, "A1"), (7, 12, "M7"), (5, 27, "AB5")])
def test_places(row: int, column: int, name: str) -> None:
    assert place(row, column) == name
