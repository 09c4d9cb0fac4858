"""Kinds of text that requests carry, with their limits; NUL is refused because PostgreSQL cannot store it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

NO_CONTROL = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"

LONGEST_TEXT = 65_536
"""Two cells of an imported log joined; what was imported can also be edited."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=ONE_LINE)]
RequiredLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=ONE_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT, pattern=NO_CONTROL)]
# The server refuses a URL of 64 KiB before we see it, and a character may take nine of them.
TextInUrl = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000, pattern=NO_CONTROL)]
RequiredText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=NO_CONTROL)
]
EmailAddress = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=ONE_LINE)]


class Request(BaseModel):
    """The base of every request body: an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid")
