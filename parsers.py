"""Turns the text of a setting into its value: each parser says what the text must be when it cannot."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

T = TypeVar("T")

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)
SHORTEST_KEY = 32

# A parser turns the text of one setting into its value, or raises a ValueError whose text completes "<name> must ...".


def parseString(text: str, *, longest: int = 200) -> str:
    if not text.isprintable() or len(text) > longest:
        raise ValueError(f"be one line of at most {longest} characters")
    return text


def parseInteger(text: str, *, minimum: int, maximum: int) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text) or not minimum <= int(text) <= maximum:
        raise ValueError(f"be a whole number from {minimum} to {maximum}")
    return int(text)


def parseBoolean(text: str) -> bool:
    known = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)
    if text.lower() not in known:
        raise ValueError("be true or false")
    return known[text.lower()]


def parseChoice(text: str, *, choices: tuple[str, ...]) -> str:
    if text.lower() not in choices:
        raise ValueError(f"be one of {', '.join(choices)}")
    return text.lower()


def parseList(text: str, *, item: Callable[[str], T]) -> tuple[T, ...]:
    values = tuple(item(part.strip()) for part in text.split(",")) if text else ()
    if len(set(values)) != len(values):
        raise ValueError("not name the same thing twice")
    return values


def parseOptional(text: str, *, parser: Callable[[str], str]) -> str:
    return parser(text) if text else ""


def parseSecret(text: str) -> str:
    if len(text) < SHORTEST_KEY:
        raise ValueError(f"have at least {SHORTEST_KEY} characters in each key")
    return text


def parseDatabaseUrl(text: str) -> str:
    parts = _split_url(text)
    if parts.scheme not in {"sqlite", "postgresql"}:
        raise ValueError("begin with sqlite:/// or postgresql:// (Turva chooses the driver)")
    if parts.scheme == "sqlite" and (parts.netloc or parts.query or not parts.path.strip("/") or ":memory:" in text):
        raise ValueError("name a file after sqlite:/// (a fourth slash begins an absolute path)")
    if not parts.path.strip("/"):
        raise ValueError("name the database after the host")
    return text


def parseStorage(text: str) -> str:
    parts = _split_url(text)
    if text != "memory" and (parts.scheme not in {"redis", "rediss"} or not parts.hostname):
        raise ValueError("be memory or begin with redis:// or rediss:// and a host")
    return text


def parseFileStore(text: str) -> str:
    if "://" not in text:
        return parseString(text)
    parts = _split_url(text)
    if parts.scheme not in {"file", "s3"} or parts.query or parts.fragment or "@" in parts.netloc or ".." in parts.path:
        raise ValueError("be a folder, or begin with file:/// or s3:// and a bucket")
    if (parts.scheme == "file") == bool(parts.netloc) or (parts.scheme == "file" and not parts.path.strip("/")):
        raise ValueError("name a folder after file:/// or a bucket after s3://")
    return text


def parseSchema(text: str) -> str:
    # The limit of PostgreSQL's names is 63 bytes; pg_ is reserved for its own schemas.
    if not re.fullmatch(r"(?!pg_)[a-z_][a-z0-9_]{0,62}|", text):
        raise ValueError("be a lower-case name of letters, digits and underscores that does not begin with pg_")
    return text


def parsePath(text: str) -> str:
    if not re.fullmatch(r"(/[a-z0-9_-]+)*", text):
        raise ValueError("begin with a slash, not end with one, and hold only lower-case letters, digits, - and _")
    return text


def parseHost(text: str) -> str:
    if not HOST_NAME.fullmatch(text.lower()) and not _accepts(ipaddress.ip_address, text):
        raise ValueError("be a host name or address without scheme, port or path")
    return text.lower()


def parseAllowedHost(text: str) -> str:
    address = text[1:-1] if text.startswith("[") and text.endswith("]") else ""
    named = text == "*" or HOST_NAME.fullmatch(text.lower().removeprefix("*."))
    if not named and not _accepts(ipaddress.IPv6Address, address):
        raise ValueError("name hosts without scheme, port or path, and version 6 addresses in brackets")
    return text.lower()


def parseOrigin(text: str) -> str:
    parts = _split_url(text.lower())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("name origins such as https://safety.example.org")
    if f"{parts.scheme}://{parts.netloc}" != text.lower() or "@" in parts.netloc or "*" in parts.netloc:
        raise ValueError("name origins with scheme, host and perhaps port, and nothing after them")
    return text.lower()


def parsePublicUrl(text: str) -> str:
    parts = _split_url(text.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not _accepts(parseHost, parts.hostname or "") or "@" in parts.netloc:
        raise ValueError("be a URL such as https://turva.example.org")
    if parts.query or parts.fragment or not _accepts(parsePath, parts.path):
        raise ValueError("end after the host, or after the path that is API_PATH")
    return text.rstrip("/")


def parseMailbox(text: str) -> str:
    # No quoted or foreign names: it goes into a header and into the dialogue with the mail server as it is.
    name, _, domain = text.rpartition("@")
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", name) or not HOST_NAME.fullmatch(domain.lower()):
        raise ValueError("be an address such as turva@safety.example.org")
    return text


def parseNetwork(text: str) -> str:
    if not _accepts(ipaddress.ip_network, text):
        raise ValueError("name IP addresses or networks such as 10.0.0.0/8")
    return text


def _split_url(text: str) -> SplitResult:
    """The parts of a URL, none where it is not one."""
    return urlsplit(text if _accepts(lambda url: urlsplit(url).port, text) else "")


def _accepts(parser: Callable[[str], object], text: str) -> bool:
    try:
        parser(text)
    except ValueError:
        return False
    return True
