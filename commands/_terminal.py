"""What a command says: text for people, in which nothing moves their terminal, or JSON for programs."""

import argparse
import datetime as dt
import json

PLAIN = frozenset("\n\t")


def harmless(text: str) -> str:
    """The text with U+001B, U+202E and their like written out; imported logs may hold any of them."""
    return "".join(sign if sign.isprintable() or sign in PLAIN else f"<U+{ord(sign):04X}>" for sign in text)


def add_format(parser: argparse.ArgumentParser) -> None:
    """Of every command that answers data."""
    kinds = ["text", "json"]
    parser.add_argument("--format", choices=kinds, default=kinds[0], help="text for people, json for programs")


def said(arguments: argparse.Namespace, value: object, text: str) -> str:
    """`value` where JSON was asked for, else `text`."""
    return as_json(value) if arguments.format == "json" else text


def as_json(value: object) -> str:
    return json.dumps(value, indent=2, default=plain)


def plain(value: object) -> str:
    """What JSON has no kind for, as the API writes it."""
    return value.isoformat() if isinstance(value, dt.date) else str(value)
