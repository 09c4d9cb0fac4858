"""Merging entries: controls that several hazards share, acceptances that go stale, words of early releases."""

from typing import Any

import pytest

from models.audit import log_then
from models.audit.log_then import Log, State

CAUSE = {"id": "c1", "description": "Two of one name", "status": "open"}
CONTROL = {"id": "k1", "description": "Photo", "stage": "additional", "state": "proposed", "kind": "design"}
AIMED = {**CONTROL, "acts_on": ["c1"]}
LINK = {"id": "l1", "evidence_id": "e1", "purpose": "effectiveness", "assessment_id": None, "title": "Test"}
RATING = {"severity": "major", "likelihood": "low", "level": 2}


def told(log: Log, action: str, key: str, after: dict[str, Any], version: int = 1, *, reason: str = "") -> None:  # noqa: PLR0913 - an entry says as much
    entry = {
        "at": f"2026-05-01T12:00:{log.seq:02}.000000Z", "action": action, "entity": action.split(":", maxsplit=1)[0],
        "entity_id": key, "entity_version": version, "user_id": "u1", "after": after, "reason": reason,
    }  # fmt: skip
    log_then.follow(log, log.seq + 1, entry)


def shown(log: Log, key: str = "h1") -> dict[str, Any]:
    return log_then.shown(log, log.hazards[key], "p")


def begun() -> Log:
    log = Log()
    hazard = {"number": 1, "name": "Late", "causes": [CAUSE], "controls": [AIMED]}
    told(log, "hazard:create", "h1", {**hazard, "initial": RATING})
    return log


def test_a_control_is_one_wherever_it_serves() -> None:
    log = begun()
    told(log, "hazard:create", "h2", {"number": 2, "name": "Other"})
    named = {"id": "k1", "description": "Photo", "stage": "additional", "acts_on": []}
    told(log, "hazard:link_control", "h2", {"controls": [named]}, 2)
    told(log, "control:state", "k1", {"state": "verified"}, 2)
    for key, acts_on in (("h1", ["c1"]), ("h2", [])):
        [control] = shown(log, key)["controls"]
        assert (control["state"], control["kind"], control["acts_on"]) == ("verified", "design", acts_on)


def test_an_acceptance_is_stale_when_what_was_accepted_changed() -> None:
    log = begun()
    told(log, "hazard:accept", "h1", {"acceptance": {"id": "a1", "level": 2, "rationale": "Rare"}}, 2)
    assert shown(log)["acceptance"]["accepted_by_id"] == "u1"
    told(log, "hazard:edit", "h1", {"owner": "Ward"}, 3)
    assert shown(log)["acceptance"]["stale"] is False
    told(log, "control:state", "k1", {"state": "agreed"}, 2)
    assert shown(log)["acceptance"]["stale"] is True
    told(log, "control:state", "k1", {"state": "proposed"}, 3)
    assert shown(log)["acceptance"]["stale"] is False
    told(log, "hazard:reopen", "h1", {"status": "open", "acceptance": None}, 4, reason="New report")
    assert (shown(log)["acceptance"], shown(log)["status_justification"]) == (None, "New report")


@pytest.mark.parametrize(
    ("action", "key", "after", "back"),
    [
        ("hazard:aim_control", "h1", {"controls": [{**CONTROL, "acts_on": []}]}, {"controls": [AIMED]}),
        ("control:evidence", "k1", {"evidence_links": [LINK]}, {"evidence_links": []}),
        ("hazard:edit", "h1", {"types": ["B"]}, {"types": ["B", "A"]}),
    ],
)
def test_an_acceptance_is_stale_as_the_product_says(action: str, key: str, after: State, back: State) -> None:
    """What a control acts on and what shows that it works count, in any order; evidence of the hazard does not."""
    log = begun()
    told(log, "hazard:edit", "h1", {"types": ["A", "B"]}, 2)
    told(log, "hazard:accept", "h1", {"acceptance": {"id": "a1", "level": 2, "rationale": "Rare"}}, 3)
    told(log, "hazard:evidence", "h1", {"evidence_links": [LINK]}, 4)
    told(log, "hazard:assess", "h1", {"initial": {**RATING, "recorded_level": 4}}, 5)
    assert shown(log)["acceptance"]["stale"] is False
    told(log, action, key, after, 6)
    assert shown(log)["acceptance"]["stale"] is True
    told(log, action, key, back, 7)
    assert shown(log)["acceptance"]["stale"] is False


def test_what_is_no_part_of_the_log_changes_nothing_but_the_place() -> None:
    log = begun()
    before = shown(log)
    told(log, "member:add", "m1", {"role": "viewer"})
    told(log, "comment:create", "h1", {"body": "Text"})
    assert (shown(log), log.seq, log.older) == (before, 3, False)


def test_early_releases_named_causes_and_controls_by_their_words() -> None:
    log = Log()
    controls = [{"description": "Photo", "stage": "existing"}, {"description": "Alert", "stage": "additional"}]
    told(log, "hazard:create", "h1", {"number": 1, "name": "Late", "causes": ["One"], "controls": controls})
    assert log.older
    first = shown(log)
    assert (first["causes"], [one["state"] for one in first["controls"]]) == (["One"], ["implemented", "proposed"])
    told(log, "hazard:edit", "h1", {"existing_controls": ["Photo", "Wristband"], "causes": []}, 2)
    now = shown(log)
    assert [one["description"] for one in now["controls"]] == ["Alert", "Photo", "Wristband"]
    assert (now["causes"], now["controls"][1]["id"]) == ([], first["controls"][0]["id"])
