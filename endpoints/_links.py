"""URLs inside an answer lead where they say, also when the tree is mounted below API_PATH."""

import re
from contextvars import ContextVar
from typing import Annotated

from pydantic import AfterValidator, PlainSerializer

prefix: ContextVar[str] = ContextVar("prefix", default="")
"""Where the application that answers this request is mounted; the tree sets it."""


def below_prefix(path: str) -> str:
    return prefix.get() + path


Url = Annotated[str, PlainSerializer(below_prefix, return_type=str)]
"""A path of ours in Python, with API_PATH before it in JSON; pages put it there with `link(...)`."""

PROJECTS = "/projects/"
LONGEST_PATH = 2000
LOCAL_PATH = re.compile(r"/([!-.0-\[\]-~][!-\[\]-~]*)?")
"""A path of ours in visible ASCII, as URLs are (RFC 3986).

`//host` and `/\\host` would lead a browser to another site (OWASP ASVS 5.0, 3.7.2).
"""


def is_local(path: str) -> bool:
    return len(path) <= LONGEST_PATH and LOCAL_PATH.fullmatch(path) is not None


def local(path: str) -> str:
    """A place that leads elsewhere is left out; who signs in goes to their projects then."""
    return path if is_local(path) else PROJECTS


LocalPath = Annotated[str, AfterValidator(local)]
