"""The words of every letter: a subject, plain text, and no stranger's words to a person who never signed in here."""

from pathlib import Path

import pytest
from jinja2 import meta

from mail.writing import HEADING, LETTERS, environment

TEMPLATES = sorted(path for path in LETTERS.iterdir() if not path.name.startswith("_"))
TO_UNPROVED_ADDRESSES = {
    "account_exists",
    "address_in_use",
    "change_email",
    "invitation",
    "reset_password",
    "verify_email",
}
"""Anyone can have these sent to any address, so they must not carry what was typed: "Hello Win at evil.example"."""
OURS = {"service_name", "home", "link", "days"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_it_begins_with_its_subject_and_is_plain(template: Path) -> None:
    text = template.read_text("utf-8")
    subject, empty, *_ = text.splitlines()
    assert subject.startswith(HEADING)
    assert empty == ""
    assert "<" not in text
    assert text.isascii()


def test_those_to_unproved_addresses_are_there() -> None:
    assert {path.stem for path in TEMPLATES} >= TO_UNPROVED_ADDRESSES


@pytest.mark.parametrize("name", sorted(TO_UNPROVED_ADDRESSES))
def test_no_stranger_speaks_in_it(name: str) -> None:
    text = (LETTERS / f"{name}.txt").read_text("utf-8")
    assert meta.find_undeclared_variables(environment.parse(text)) <= OURS
