"""Kinds of text that requests carry, with their limits; NUL is refused because PostgreSQL cannot store it."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)

from models.users.accounts import is_address

NO_CONTROL = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"

UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\s\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
"""White space, and signs that show nothing: what joins, turns and varies others (Unicode, Default_Ignorable)."""
SOME_TEXT = rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^{UNSEEN}][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
SOME_LINE = rf"^[^\x00-\x1f\x7f]*[^{UNSEEN}][^\x00-\x1f\x7f]*$"
"""Also tells a caller, in the description of the API, that what shows nothing is nothing."""

Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that you changed")]
"""Whoever replaces what somebody may have written meanwhile says what they had read."""

LONGEST_TEXT = 65_536
"""Two cells of an imported log joined; what was imported can also be edited."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=ONE_LINE)]
RequiredLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=SOME_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT, pattern=NO_CONTROL)]
ProjectName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=SOME_LINE)]
# The server refuses a URL of 64 KiB before we see it, and a character may take nine of them.
TextInUrl = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000, pattern=NO_CONTROL)]
RequiredText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=SOME_TEXT)
]


def printable(text: str) -> str:
    """Else a name could run backwards or hide a part of itself."""
    if not text.isprintable():
        raise ValueError("Use only letters, spaces and signs that can be printed")
    return text


def day(value: object, info: ValidationInfo) -> object:
    """A day as ISO 8601 writes it, or as the three boxes of a form do; a number is none, and no time of a day is."""
    if not isinstance(value, str):
        if value is None or isinstance(value, date):
            return value
        value = ""
    label = str(info.field_name).replace("_", " ").capitalize()
    parts = value.split("-")
    if len(parts) == len(PARTS) and any(parts) and not all(parts):
        missing = [name for name, part in zip(PARTS, parts, strict=True) if not part]
        raise ValueError(f"{label} must include a {' and a '.join(reversed(missing))}")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", value):
        raise ValueError(f"{label} must be a date such as 2027-03-31, with the year in four numbers")
    try:
        return date(*map(int, value.split("-")))
    except ValueError:
        raise ValueError(f"{label} must be a real date") from None


def moment(value: object) -> object:
    """Text, as the description of the API says; pydantic would also take seconds since 1970."""
    if value is None or isinstance(value, datetime) or (isinstance(value, str) and "T" in value.upper()):
        return value
    raise ValueError("Enter a time with its zone, such as 2027-03-31T12:00:00Z")


PARTS = ("year", "month", "day")
Day = Annotated[date, BeforeValidator(day)]
Moment = Annotated[AwareDatetime, BeforeValidator(moment)]
PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150), AfterValidator(printable)
]
EmailAddress = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=ONE_LINE)]


def address(text: str) -> str:
    if not is_address(text):
        raise ValueError("Enter an email address such as name@example.org")
    return text


NewAddress = Annotated[EmailAddress, AfterValidator(address)]
"""Of an account that is to be; an address that is only looked for need not be one."""


class Request(BaseModel):
    """The base of every request body: an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid")
