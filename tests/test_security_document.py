"""docs/security.md lists every requirement of its chapters, and the proof it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "security.md"
ROW = re.compile(r"^\| (?P<number>\d+\.\d+\.\d+) \| (?P<level>[123]) \|(?P<rest>.*)\|$", re.MULTILINE)
# Sections of OWASP ASVS 5.0 and how many requirements of levels 1 and 2 each has, which its authors put first.
LEVELS_1_AND_2 = {
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
}
ROWS = list(ROW.finditer(DOCUMENT.read_text("utf-8")))


def written() -> set[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    texts = (path.read_text("utf-8") for path in files)
    return {name for text in texts for name in re.findall(r"^(?:async )?def (test_\w+)\(", text, re.MULTILINE)}


def test_every_requirement_is_listed_once() -> None:
    wanted = [f"{section}.{place}" for section, count in LEVELS_1_AND_2.items() for place in range(1, count + 1)]
    assert sorted(row["number"] for row in ROWS if row["level"] != "3") == sorted(wanted)


@pytest.mark.parametrize("row", ROWS, ids=[row["number"] for row in ROWS])
def test_its_proof_is_there(row: re.Match[str]) -> None:
    proof = row["rest"].split("|")[-2] if row["rest"].endswith("|") else row["rest"].split("|")[-1]
    tests = re.findall(r"`(test_\w+)`", proof)
    assert set(tests) <= written(), set(tests) - written()
    place = re.search(r"Document: \[[^]]+\]\((?P<file>[a-z]+\.md)(?:#(?P<heading>[a-z-]+))?\)", proof)
    assert tests or place, "neither a test nor a document"
    if place:
        text = (DOCUMENT.parent / place["file"]).read_text("utf-8")
        headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        assert place["heading"] is None or place["heading"] in headings
