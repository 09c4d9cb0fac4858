"""Results are ratios of medians, with what is needed to judge them."""

import re
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks._report import Ratio, document, table

RATIO = Ratio("ours", "theirs", [2.0, 9.0, 3.0], [1.0, 2.0, 2.0], "ms", 2)


def test_a_round_that_something_disturbed_weighs_nothing() -> None:
    assert RATIO.ratio == 1.5


@pytest.mark.parametrize(("goal", "verdict"), [(1.49, "missed"), (1.5, "met")])
def test_a_row_says_whether_the_goal_was_met(goal: float, verdict: str) -> None:
    row = Ratio("ours", "theirs", RATIO.measured, RATIO.base, "ms", goal).row
    assert row == f"| ours | theirs | 3 ms | 2 ms | 1.50 | 2.00 4.50 1.50 | at most {goal:g} | {verdict} |"


@pytest.mark.parametrize(("goal", "verdict"), [(1.51, "missed"), (1.5, "met")])
def test_a_goal_may_be_a_least(goal: float, verdict: str) -> None:
    row = Ratio("ours", "theirs", RATIO.measured, RATIO.base, "/s", at_least=goal).row
    assert row.endswith(f"| at least {goal:g} | {verdict} |")


def test_the_document_has_a_table_a_part_and_the_versions() -> None:
    text = document({"Routing": table([RATIO]), "Reading": table([])})
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Routing", "Reading"]
    assert re.search(r"Python 3\.\d+\.\d+, fastapi \d", text)
    assert "| ours |" in text


def test_only_a_whole_run_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = tmp_path / "RESULTS.md"
    monkeypatch.setattr("benchmarks._report.RESULTS", kept)
    monkeypatch.setattr(command, "PARTS", {"One": lambda: [RATIO], "Two": list})
    assert command.main(["one"]) is None
    assert not kept.exists()
    assert command.main(["three"]) == "There is no part three; choose from one, two."
    assert command.main([]) is None
    assert "## Two" in kept.read_text("utf-8")
