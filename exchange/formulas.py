"""Which formulas reach outside their own workbook; none is ever run here, but a log is passed on to people who do."""

import re
from collections.abc import Collection
from functools import lru_cache

# [1]Sheet1!A1, [1]!Name, 'C:\logs\[Old.xlsx]Sheet 1'!A1; behind a table's own Column[Name] stands no sheet.
OTHER_WORKBOOK = re.compile(r"\[[^\[\]]+\](?:[\w.]*!|(?:[^'\[\]]|'')*'!)")
# program|topic!item, dynamic data exchange; "|" has no other meaning in a formula.
DATA_EXCHANGE = re.compile(r"\|[^!|]*!")
ADDRESS = re.compile(r"://|\\\\|\b(?:mailto|file):", re.IGNORECASE)
# A link that begins with "#" stays within the workbook.
REACHING = re.compile(
    r"\b(?:WEBSERVICE|FILTERXML|IMAGE|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|DDE|SQL\.REQUEST|STOCKHISTORY|PY"
    r"|CUBE[A-Z]+|IMPORT(?:DATA|FEED|HTML|RANGE|XML)|HYPERLINK(?!\s*\(\s*\"#))\s*\(",
    re.IGNORECASE,
)
NAME = re.compile(r"[^\W\d][\w.]*")


# To the expressions above one digit is like another, so a formula that is copied down a column is looked at once.
DIGITS = str.maketrans("123456789", "0" * 9)


def points_outside(formula: str, outside_names: Collection[str] = ()) -> bool:
    """`outside_names`, in lower case, are the workbook's own names for places in other workbooks."""
    if reaches(formula.translate(DIGITS)):
        return True
    return bool(outside_names) and any(name.casefold() in outside_names for name in NAME.findall(formula))


@lru_cache(maxsize=64)
def reaches(formula: str) -> bool:
    return any(pattern.search(formula) for pattern in (OTHER_WORKBOOK, DATA_EXCHANGE, ADDRESS, REACHING))
