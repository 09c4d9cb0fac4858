"""History in words: what went out of each field and what came in, whatever shape the field is stored in."""

from types import SimpleNamespace as Version
from typing import Any

import pytest

from endpoints._changes import Changed, changes, named

RATING = {"severity": "major", "likelihood": "very_low", "level": 2}


CAUSE = {"id": "c1", "description": "Queue grows", "status": "open"}


def only(before: Any, after: Any) -> Changed:
    version = Version(before=before, after=after)
    found = changes(version, named([version, Version(before=None, after={"causes": [CAUSE]})]))
    assert len(found) == 1
    return found[0]


def test_a_text_takes_the_place_of_a_text() -> None:
    assert only({"name": "Old"}, {"name": "New"}) == Changed("Name", ["Old"], ["New"])


@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_has_no_words(nothing: object) -> None:
    assert only({"owner": nothing}, {"owner": "Ward"}) == Changed("Owner", [], ["Ward"])


def test_of_a_list_only_what_came_and_went_is_told() -> None:
    changed = only({"types": ["kept", "gone"]}, {"types": ["kept", "two\nlines"]})
    assert changed == Changed("Types", ["gone"], ["two\nlines"])


def test_a_new_order_is_told_whole() -> None:
    assert only({"types": ["a", "b"]}, {"types": ["b", "a"]}) == Changed("Types", ["a", "b"], ["b", "a"])


def test_a_cause_tells_that_it_was_closed_and_why() -> None:
    closed = CAUSE | {"status": "closed"}
    changed = only({"causes": [CAUSE]}, {"causes": [closed | {"status_justification": "Gone"}]})
    assert changed == Changed("Causes", ["Queue grows"], ["Queue grows (Closed: Gone)"])
    assert only({"causes": [CAUSE]}, {"causes": [closed]}).after == ["Queue grows (Closed)"]


def test_a_harm_tells_what_it_is() -> None:
    assert only({"harms": []}, {"harms": [{"id": "h", "description": "Death"}]}) == Changed("Harms", [], ["Death"])


def test_a_control_tells_what_it_acts_on_by_its_words() -> None:
    alarm = {"id": "k", "stage": "existing", "description": "Alarm"}
    changed = only({"controls": [alarm]}, {"controls": [alarm | {"acts_on": ["c1"]}]})
    assert changed == Changed("Controls", ["Existing: Alarm"], ["Existing: Alarm (acts on: Queue grows)"])


def test_values_have_the_words_of_the_field() -> None:
    assert only({"status": "open"}, {"status": "transferred"}) == Changed("Status", ["Open"], ["Transferred"])
    assert only({"condition": "normal"}, {"condition": None}) == Changed("Arises in", ["Normal"], [])
    assert only(None, {"identified_date": "2026-09-01"}) == Changed("Identified date", [], ["1 September 2026"])


def test_a_rating_tells_its_level_what_it_was_made_of_and_why() -> None:
    whys = {"severity_justification": "One patient", "justification": "Tested"}
    changed = only(None, {"residual": {**RATING, **whys}})
    words = ["Level 2: major severity, very low likelihood", "One patient", "Tested"]
    assert changed == Changed("Residual risk", [], words)


@pytest.mark.parametrize(("recorded", "told"), [(4, True), (2, False), (None, False)])
def test_another_level_of_an_imported_log_is_told(recorded: int | None, told: bool) -> None:
    changed = only(None, {"initial": {**RATING, "recorded_level": recorded}})
    assert (f"The imported log said level {recorded}" in changed.after) == told


def test_the_first_version_tells_everything_but_the_number() -> None:
    after = {
        "number": 7,
        "name": "Late result",
        "controls": [{"stage": "existing", "description": "Alarm"}],
        "recorded": {"Actions": "Ask"},
    }
    assert [(one.name, list(one.after)) for one in changes(Version(before=None, after=after))] == [
        ("Name", ["Late result"]),
        ("Controls", ["Existing: Alarm"]),
        ("As the imported log recorded it", ["Actions: Ask"]),
    ]


def test_a_version_without_changes_has_none() -> None:
    assert changes(Version(before=None, after=None)) == []
