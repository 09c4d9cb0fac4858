"""docs/authentication.md names tests as proof; a name that is no test proves nothing."""

import re

import errors
from config import Settings
from tests.authentication.test_scopes import DOCUMENT

ROOT = DOCUMENT.parent.parent
TEST = re.compile(r"`(test_[a-z0-9_]+)`")
FILE = re.compile(r"`((?:tests|authentication|endpoints)/[\w/]+\.py)`")
SETTING = re.compile(r"`([A-Z][A-Z0-9_]+)`")
CODES = {error.code for error in vars(errors).values() if isinstance(error, type) and hasattr(error, "code")}
WITHOUT_SETTING = {"TURVA_PASSWORD", "RECENT", "SECOND_FACTOR_NEEDED", *CODES}


def test_every_test_that_it_names_is_there() -> None:
    named = set(TEST.findall(DOCUMENT.read_text("utf-8")))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > 20
    assert named <= written, named - written


def test_every_file_that_it_names_is_there() -> None:
    named = set(FILE.findall(DOCUMENT.read_text("utf-8")))
    assert named
    assert not {name for name in named if not (ROOT / name).is_file()}


def test_every_setting_that_it_names_is_one() -> None:
    named = set(SETTING.findall(DOCUMENT.read_text("utf-8"))) - WITHOUT_SETTING
    assert named
    assert named <= set(Settings.__dataclass_fields__)
