"""Formulas that stay in their workbook pass, those that reach out do not."""

import pytest

from exchange.formulas import points_outside
from tests.exchange.official_log import RISK

OUTSIDE = [
    "[1]Sheet1!A1",
    "[1]!Consequence",
    "'[Old log.xlsx]Hazard Log'!$A$1",
    "'C:\\logs\\[Old.xlsx]O''Brien'!A1",
    "SUM(1,[2]Sheet_1.a!B2)",
    "cmd|'/c calc'!A0",
    "=cmd|' /C notepad'!'A1'",
    'DDE("winword","a","b")',
    'HYPERLINK("https://example.org","x")',
    "hyperlink (A1)",
    'WEBSERVICE("https://example.org/"&A1)',
    "_xlfn.WEBSERVICE(A1)",
    "_xlfn.IMAGE(A1)",
    'RTD("a",,"b")',
    'CALL("urlmon","x","y")',
    'REGISTER.ID("a","b")',
    'IMPORTXML(A1,"//a")',
    "IMPORTRANGE(A1,B1)",
    'INDIRECT("[Old.xlsx]Sheet1!A1")',
    'INDIRECT("\\\\server\\share\\a")',
    'A1&"file:a.txt"',
    "CUBEVALUE(A1)",
    "[a]b!" * 10_000,
]
INSIDE = [
    RISK.format(severity="M5", likelihood="N5"),
    "SUM(A1:A4)",
    "'Risk Matrix'!$D$2",
    "Table1[Risk]+'Risk Matrix'!A1",
    "Table1[[#This Row],[Risk level]]*2",
    "Table1[@Risk]&Sheet2!A1",
    'HYPERLINK("#\'Risk Matrix\'!A1","matrix")',
    "RECALL(A1)",
    'IF(A1>1,"yes!","no")',
    "|" * 50_000,
    "'" * 50_000,
    "[" * 50_000,
    "HYPERLINK" + " " * 50_000,
    "",
]


@pytest.mark.parametrize("formula", OUTSIDE)
def test_outside(formula: str) -> None:
    assert points_outside(formula)


@pytest.mark.parametrize("formula", INSIDE)
def test_inside(formula: str) -> None:
    assert not points_outside(formula)


def test_a_name_for_a_place_outside_reaches_out() -> None:
    assert points_outside("INDEX(Consequence2,1)", {"consequence2"})
    assert not points_outside("INDEX(Consequence,1)", {"consequence2"})
