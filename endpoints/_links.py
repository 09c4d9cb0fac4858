"""URLs inside an answer lead where they say, also when the tree is mounted below API_PATH."""

from contextvars import ContextVar
from typing import Annotated

from pydantic import PlainSerializer

prefix: ContextVar[str] = ContextVar("prefix", default="")
"""Where the application that answers this request is mounted; the tree sets it."""


def below_prefix(path: str) -> str:
    return prefix.get() + path


Url = Annotated[str, PlainSerializer(below_prefix, return_type=str)]
"""A path of ours in Python, with API_PATH before it in JSON; pages put it there with `link(...)`."""
