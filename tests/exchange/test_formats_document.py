"""docs/hazard-log-formats.md says what is so: the layouts with their headings, and every limit."""

import re
from pathlib import Path

import pytest

from exchange import limits
from exchange.headings import find_headings
from exchange.layouts import ALL, Layout
from tests.exchange import joint_journey
from tests.exchange.reading import IG_HEADINGS, REFERRAL_HEADINGS
from tests.exchange.test_markdown_log import DCSP_HEADINGS

TEXT = (Path(__file__).parent.parent.parent / "docs" / "hazard-log-formats.md").read_text("utf-8")


@pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.name)
def test_every_layout_has_a_row_and_a_section(layout: Layout) -> None:
    assert f"| `{layout.name}` |" in TEXT
    assert f"### {layout.name}\n" in TEXT


@pytest.mark.parametrize(
    "headings",
    [IG_HEADINGS, REFERRAL_HEADINGS, joint_journey.HEADINGS, DCSP_HEADINGS],
    ids=["ig", "referral", "joint", "dcsp"],
)
def test_the_headings_of_the_tests_are_those_of_the_document(headings: tuple[str, ...]) -> None:
    words = set(re.findall(r"[a-z]+", TEXT.lower()))
    assert set(re.findall(r"[a-z]+", " ".join(headings).lower())) <= words
    found = find_headings([headings], ALL)
    assert found
    assert found.complete


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("file", f"{limits.LARGEST_FILE // limits.MIB} MiB"),
        ("rows below the headings", f"{limits.MOST_ROWS:,}"),
        ("columns", str(limits.MOST_COLUMNS)),
        ("characters in a cell", f"{limits.LONGEST_CELL:,}"),
        ("file of Markdown", f"{limits.LARGEST_MARKDOWN // limits.MIB} MiB"),
        ("problems", f"{limits.MOST_PROBLEMS:,}"),
        ("parts, sheets and styles", f"{limits.MOST_PARTS:,}, {limits.MOST_SHEETS} and {limits.MOST_STYLES:,}"),
        ("all parts unpacked", f"{limits.LARGEST_UNPACKED // limits.MIB} MiB"),
        ("a part unpacked", f"{limits.HIGHEST_RATIO} times"),
        ("tags", f"{limits.MOST_TAGS:,}"),
    ],
)
def test_every_limit_is_told(what: str, value: str) -> None:
    assert re.search(rf"^\| {re.escape(what)}[^|]*\| {re.escape(value)} \|$", TEXT, re.MULTILINE)
    assert f"first {limits.ROWS_BEFORE_DATA} rows" in TEXT
