"""Headings are found by what they say: in other case, moved, without their groups, in older and misspelt words."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.headings import find_headings
from exchange.layouts import ALL, CLINICAL_REFERRAL, IG_TABLE_2, OFFICIAL
from tests.exchange.official_log import COLUMNS, official_workbook, official_workbook_bytes, rated
from tests.exchange.reading import IG_HEADINGS, REFERRAL_HEADINGS, csv_bytes, read

OFFICIAL_ROWS = [
    ["" if cell is None else str(cell) for cell in row]
    for row in official_workbook([]).worksheets[2].iter_rows(min_row=1, max_row=4, max_col=28, values_only=True)
]
LEAVES = [
    "No.", "Date Added", "Effect", "Hazard", "Harm", "Possible Causes", *["Description", "Evidence"] * 3, "Severity",
    "Likelihood", "Risk", "Justification", *["Description", "Evidence"] * 3, "Severity", "Likelihood", "Risk",
    "Justification", "Owner", "Status",
]  # fmt: skip
# As programs write them that want every heading once.
NUMBERED = [f"{leaf}.{seen}" if (seen := LEAVES[:place].count(leaf)) else leaf for place, leaf in enumerate(LEAVES)]
PATHS = [
    "No.", "Date Added", "Hazard Description - Effect", "Hazard Description - Hazard", "Hazard Description - Harm",
    "Hazard Description - Possible Causes",
    *(f"Existing Controls - {kind} - {part}"
      for kind in ("HIT Design", "User Training", "Business Process") for part in ("Description", "Evidence")),
    *(f"Initial Risk / {part}" for part in ("Severity", "Likelihood", "Risk", "Justification")),
    *(f"Residual Risk > Additional Controls > {kind} > {part}"
      for kind in ("HIT Design", "User Training", "Business Process Change") for part in ("Description", "Evidence")),
    *(f"Residual Risk: {part}" for part in ("Severity", "Likelihood", "Risk", "Justification")),
    "Owner", "Status",
]  # fmt: skip


def official_fields() -> dict[int, str]:
    return dict(enumerate(COLUMNS))


def test_the_official_headings_have_28_fields() -> None:
    found = find_headings(OFFICIAL_ROWS, ALL)
    assert found
    assert (found.layout, found.row, found.complete) == (OFFICIAL, 4, True)
    assert found.fields == official_fields()


@given(st.integers(0, 20), st.integers(0, 30), st.sampled_from([str.upper, str.lower, str.title]))
def test_they_are_found_wherever_they_stand_and_in_any_case(down: int, right: int, case: Callable[[str], str]) -> None:
    rows = [["Hazard log of the ward system"], *[[] for _ in range(down)]]
    rows += [[""] * right + [case(cell) for cell in row] for row in OFFICIAL_ROWS]
    found = find_headings([*rows, [], ["1"]], ALL)
    assert found
    assert (found.layout, found.row) == (OFFICIAL, down + 5)
    assert found.fields == {column + right: field for column, field in official_fields().items()}


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 3), st.integers(0, 5))
def test_a_moved_workbook_reads_the_same(down: int, right: int) -> None:
    row = rated(number=1, owner="Ward lead", residual__severity="Minor", residual__likelihood="Low", residual__risk=1)
    there = read(official_workbook_bytes([row], down=down, right=right)).hazards[0]
    here = read(official_workbook_bytes([row])).hazards[0]
    assert there.row == here.row + down
    assert (there.initial, there.residual, there.owner) == (here.initial, here.residual, here.owner)


@pytest.mark.parametrize("headings", [LEAVES, PATHS, NUMBERED])
def test_one_row_of_official_headings_is_enough(headings: list[str]) -> None:
    found = find_headings([headings], ALL)
    assert found
    assert (found.layout, found.complete) == (OFFICIAL, True)
    assert found.fields == official_fields()


def test_leaves_without_groups_mean_nothing_once_one_is_missing() -> None:
    headings = LEAVES.copy()
    del headings[6]
    found = find_headings([headings], ALL)
    assert found
    assert "existing.design.evidence" in found.fields.values()
    assert "existing.design.description" not in found.fields.values()
    assert "existing.training.description" not in found.fields.values()


@pytest.mark.parametrize(
    ("headings", "layout"), [(IG_HEADINGS, IG_TABLE_2), (REFERRAL_HEADINGS, CLINICAL_REFERRAL)], ids=["ig", "referral"]
)
def test_the_other_layouts_are_told_apart(headings: tuple[str, ...], layout: object) -> None:
    found = find_headings([[], headings], ALL)
    assert found
    assert (found.layout, found.row, found.complete) == (layout, 2, True)
    assert sorted(found.fields) == list(range(len(headings)))


def test_older_words_and_published_misspellings_are_understood() -> None:
    headings = [
        "hazard no.", "HAZARD NAME", "Hazard  Description", "Potential clinical\nimpact", "Possible cause(s)",
        "Existing controls", "Initial Consequence", "Initial Likelihoos", "Intial Risk", "Design Control",
        "Test control", "Training Contrpl", "Business process control", "Residual Consequence", "Residual Likelihood",
        "Residual Risk", "Summary", "Owner", "Hazard Status",
    ]  # fmt: skip
    found = find_headings([headings], ALL)
    wanted = find_headings([IG_HEADINGS], ALL)
    assert found
    assert wanted
    assert found.fields == wanted.fields


def test_groups_above_the_older_headings() -> None:
    groups = [*[""] * 6, "Initial Hazard Risk Assessment", "", "", "Additional Controls", "", "", "",
              "Residual Hazard Risk Assessment", "", "", "Actions", "", ""]  # fmt: skip
    leaves = [
        "Hazard Number", "Hazard Name", "Hazard Description", "Potential Clinical Impact", "Possible Causes",
        "Existing Controls", "Severity", "Likelihood", "Risk Rating", "Design", "Test", "Training",
        "Business Process Change", "Severity", "Likelihood", "Risk Rating", "Summary", "Owner", "Hazard Status",
    ]  # fmt: skip
    wanted = find_headings([IG_HEADINGS], ALL)
    for rows in ([groups, leaves], [leaves]):
        found = find_headings(rows, ALL)
        assert found
        assert wanted
        assert found.fields == wanted.fields


def test_a_number_sign_is_a_number_and_no_hazard() -> None:
    found = find_headings([["Hazard #", "Name", "Clinical impact"]], ALL)
    assert found
    assert found.fields[0] == "number"


def test_two_columns_of_one_meaning_are_told() -> None:
    found = find_headings([[*IG_HEADINGS, "Owner"]], ALL)
    assert found
    assert found.doubled == ("Actions Owner", "Owner")
    assert not found.complete


@given(st.lists(st.lists(st.none() | st.text(max_size=30) | st.integers(), max_size=6), max_size=8))
def test_any_cells_are_survived(rows: list[list[str | int | None]]) -> None:
    found = find_headings(rows, ALL)
    assert found is None or not found.complete


@pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.name)
def test_every_required_field_has_a_heading(layout: object) -> None:
    known = next(one for one in ALL if one is layout)
    assert known.required <= set(known.headings.values())
    assert known.description


def test_a_layout_that_is_asked_for_is_the_only_one_looked_for() -> None:
    assert (
        read(csv_bytes([IG_HEADINGS, ["1", "n", "d", "e"] + [""] * 15]), "a.csv", "ig-table-2").layout == "ig-table-2"
    )
