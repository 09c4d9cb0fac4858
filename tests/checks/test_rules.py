"""Every rule both ways: a hazard that trips it, and its neighbour that does not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checks.hazard import Cause, Hazard
from checks.rule import Gravity
from checks.rules import BY_ID, RULES, check, documentation
from models.enumerations import CauseStatus, ControlKind, ControlState, EvidencePurpose, HazardStatus, Party
from tests.checks.sound import (
    ADDITIONAL,
    CAUSE,
    EXISTING,
    OTHER,
    SOUND,
    changed,
    rating,
    with_additional,
    with_existing,
)
from tests.commands.conftest import ROOT

THREE = rating("major", "medium", 3)
FIVE = rating("catastrophic", "high", 5)
LEFT = replace(ADDITIONAL, state=ControlState.AGREED)
UNPROVEN = replace(ADDITIONAL, state=ControlState.IMPLEMENTED)
TRAINING = replace(EXISTING, kind=ControlKind.TRAINING)
ONE_CAUSE = Cause(CAUSE, "Two patients of one name")
CLOSED_CAUSE = replace(ONE_CAUSE, status=CauseStatus.CLOSED)
DONE: dict[str, Any] = {"status": HazardStatus.CLOSED, "status_justification": "Nothing is left"}
MOVED: dict[str, Any] = {"status": HazardStatus.TRANSFERRED, "status_justification": "Agreed with the trust"}


def born(text: str) -> Hazard:
    return changed(effect=text)


# For each rule: hazards that trip it once, and near ones that do not.
CASES: dict[str, tuple[list[Hazard], list[Hazard]]] = {
    "HAZ001": ([changed(owned=False)], [SOUND, changed(owned=False, **DONE)]),
    "HAZ002": (
        [changed(name="Wrong patient selected", description="Two of one name")],
        [changed(name="Wrong patient selected"), changed(name="The wrong patient selected", description="")],
    ),
    "HAZ003": ([changed(effect="")], [changed(effect="Late care")]),
    "HAZ004": ([changed(harm="")], [changed(harm="", harms=["Bleeding"])]),
    "HAZ005": ([changed(causes=[])], [SOUND]),
    "HAZ006": (
        [changed(causes=[ONE_CAUSE, replace(ONE_CAUSE, description="two patients  of one NAME")])],
        [changed(causes=[ONE_CAUSE, replace(ONE_CAUSE, description="Two patients in one bed")])],
    ),
    "HAZ007": ([changed(typed=False)], [SOUND]),
    "HAZ008": ([changed(source=None)], [SOUND]),
    "HAZ009": ([changed(condition=None)], [SOUND]),
    "HAZ010": ([changed(same_name=1), changed(same_name=2)], [changed(same_name=0)]),
    "HAZ011": (
        [changed(review_date=date(2027, 3, 30))],
        [changed(review_date=date(2027, 3, 31)), changed(review_date=date(2027, 3, 30), **DONE)],
    ),
    "HAZ012": ([changed(owner_left=True)], [SOUND, changed(owner_left=True, **DONE)]),
    "RSK001": ([changed(initial=None, residual=None)], [changed(residual=None)]),
    "RSK002": (
        [
            changed(initial=replace(THREE, severity_justification="")),
            changed(residual=rating("major", "very_low", 2, severity_justification="")),
        ],
        [changed(initial=replace(THREE, severity_justification="", justification="As agreed"))],
    ),
    "RSK003": (
        [changed(initial=replace(THREE, likelihood_justification=""))],
        [changed(initial=replace(THREE, likelihood_justification="", justification="As agreed"))],
    ),
    "RSK004": (
        [changed(controls=[EXISTING]), changed(controls=[], residual=rating("minor", "high", 2))],
        [SOUND, changed(controls=[EXISTING], residual=THREE, accepted=True)],
    ),
    "RSK005": ([changed(residual=FIVE)], [changed(residual=THREE)]),
    "RSK006": (
        [changed(residual=rating("minor", "medium", 2))],
        [
            changed(controls=[replace(ADDITIONAL, mitigates=True)], residual=rating("minor", "medium", 2)),
            changed(controls=[replace(ADDITIONAL, causes=frozenset())], residual=rating("minor", "medium", 2)),
            changed(controls=[], residual=rating("minor", "medium", 2)),
            SOUND,
        ],
    ),
    "RSK007": (
        [with_additional(state=ControlState.IMPLEMENTED), with_additional(state=ControlState.PROPOSED)],
        [SOUND, changed(controls=[EXISTING, LEFT], residual=THREE), changed(controls=[EXISTING])],
    ),
    "RSK008": (
        [changed(initial=replace(THREE, recorded_level=4))],
        [changed(initial=replace(THREE, recorded_level=3))],
    ),
    "RSK009": ([changed(residual=None)], [changed(residual=None, controls=[EXISTING])]),
    "RSK010": (
        [changed(initial=FIVE, residual=None), changed(residual=FIVE)],
        [changed(residual=FIVE, controls=[EXISTING, LEFT]), changed(residual=FIVE, **DONE), changed(residual=THREE)],
    ),
    "RSK011": (
        [
            changed(residual=THREE, alarp=False),
            changed(residual=None, controls=[], alarp=False),
            changed(controls=[UNPROVEN], alarp=False),
        ],
        [changed(residual=THREE), changed(residual=THREE, alarp=False, controls=[LEFT]), changed(alarp=False)],
    ),
    "RSK012": (
        [changed(alarp=False)],
        [SOUND, changed(alarp=False, controls=[LEFT]), changed(alarp=False, controls=[UNPROVEN])],
    ),
    "CTL001": (
        [changed(controls=[TRAINING]), changed(controls=[TRAINING, replace(ADDITIONAL, kind=ControlKind.TRAINING)])],
        [changed(controls=[TRAINING, ADDITIONAL]), changed(controls=[])],
    ),
    "CTL002": ([with_existing(description="Staff trained")], [with_existing(description="Staff are trained")]),
    "CTL003": (
        [with_existing(description="Photograph of the patient")],
        [
            with_existing(description="The photograph identifies the patient"),
            with_existing(description="Names are locked"),
            with_existing(description="A photograph"),
        ],
    ),
    "CTL004": ([with_additional(brings_hazards=None)], [with_existing(brings_hazards=None)]),
    "CTL005": ([with_additional(brings_hazards=True)], [with_additional(brings_hazards=True, raised=1)]),
    "CTL006": (
        [with_additional(brings_hazards_reason="")],
        [SOUND, with_additional(brings_hazards=True, brings_hazards_reason="", raised=1)],
    ),
    "CTL007": (
        [with_additional(causes=frozenset())],
        [with_additional(causes=frozenset(), mitigates=True), with_existing(causes=frozenset())],
    ),
    "CTL008": (
        [changed(causes=[ONE_CAUSE, Cause(OTHER, "The list is late")])],
        [
            changed(causes=[ONE_CAUSE, Cause(OTHER, "The list is late", CauseStatus.CLOSED)]),
            changed(controls=[], causes=[ONE_CAUSE, Cause(OTHER, "The list is late")]),
        ],
    ),
    "CTL101": (
        [with_additional(shows=frozenset()), with_additional(shows=frozenset(), state=ControlState.IMPLEMENTED)],
        [
            with_additional(shows=frozenset(), evidence="Release notes 4.2"),
            changed(controls=[EXISTING, replace(LEFT, shows=frozenset())]),
        ],
    ),
    "CTL102": (
        [with_additional(shows=frozenset({EvidencePurpose.IMPLEMENTATION}))],
        [SOUND, with_additional(shows=frozenset({EvidencePurpose.IMPLEMENTATION}), state=ControlState.IMPLEMENTED)],
    ),
    "CTL103": (
        [changed(controls=[EXISTING, replace(ADDITIONAL, state=ControlState.IMPLEMENTED)], **DONE)],
        [changed(**DONE), with_additional(state=ControlState.IMPLEMENTED)],
    ),
    "CTL104": ([changed(controls=[EXISTING, LEFT], **DONE)], [changed(controls=[EXISTING, LEFT]), changed(**DONE)]),
    "CTL105": (
        [with_additional(responsible=None)],
        [with_additional(responsible=None, organisation="St Elsewhere"), with_existing(responsible=None)],
    ),
    "CTL106": (
        [changed(controls=[replace(LEFT, due_date=date(2027, 3, 30))])],
        [changed(controls=[replace(LEFT, due_date=date(2027, 3, 31))]), with_additional(due_date=date(2027, 3, 30))],
    ),
    "DEC001": (
        [changed(residual=THREE), changed(controls=[UNPROVEN])],
        [changed(residual=THREE, accepted=True), changed(residual=THREE, controls=[LEFT]), SOUND],
    ),
    "DEC002": (
        [changed(accepted=True, stale=True)],
        [changed(accepted=True), changed(accepted=True, stale=True, **DONE)],
    ),
    "DEC003": (
        [changed(accepted=True, stale=True, **DONE)],
        [changed(accepted=True, **DONE), changed(accepted=True, stale=True)],
    ),
    "DEC004": ([changed(residual=FIVE, **DONE)], [changed(residual=THREE, **DONE), changed(residual=FIVE)]),
    "DEC005": (
        [changed(causes=[CLOSED_CAUSE], controls=[EXISTING, LEFT])],
        [changed(causes=[CLOSED_CAUSE]), changed(controls=[EXISTING, LEFT])],
    ),
    "DEC006": (
        [
            changed(**DONE | {"status_justification": ""}),
            changed(**MOVED | {"status_justification": ""}, duplicate=True),
        ],
        [changed(**DONE), changed(status_justification="")],
    ),
    "DEC007": (
        [changed(controls=[EXISTING, LEFT], **MOVED)],
        [changed(controls=[EXISTING, replace(LEFT, responsible=Party.DEPLOYER)], **MOVED), changed(controls=[LEFT])],
    ),
    "PID001": (
        [born("Patient 943 476 5919 waited"), born("See 9434765919."), with_existing(evidence="NHS:943-476-5919")],
        [born("Patient 943 476 5918 waited"), born("Ticket 19434765919"), born("Test patient 999 000 0018")],
    ),
    "PID002": (
        [
            born("DOB 01/02/1987"),
            born("born on 3 March 1950"),
            changed(recorded={"Notes": "Date of birth: 1987-02-01"}),
        ],
        [born("Date of birth beside each name"), born("Found on 01/02/2026"), born("Born of haste")],
    ),
}


def found(hazard: Hazard) -> list[str]:
    return [finding.rule.id for finding in check(hazard)]


def test_every_rule_is_tried_and_there_are_enough() -> None:
    assert CASES.keys() == BY_ID.keys()
    assert len(RULES) == len(BY_ID) >= 20


def test_a_sound_hazard_trips_nothing() -> None:
    assert found(SOUND) == []


@pytest.mark.parametrize("rule", BY_ID)
def test_a_rule_finds_what_it_is_for_and_nothing_near_it(rule: str) -> None:
    trips, passes = CASES[rule]
    assert [found(hazard).count(rule) for hazard in trips] == [1] * len(trips)
    assert [found(hazard).count(rule) for hazard in passes] == [0] * len(passes)


@pytest.mark.parametrize("rule", BY_ID)
def test_a_message_says_what_and_what_to_do_and_what_a_rule_rests_on(rule: str) -> None:
    for hazard in CASES[rule][0]:
        for message in BY_ID[rule].find(hazard):
            assert message.endswith(".")
            assert len(message.split()) >= 8
            assert not {"None", "ControlState"} & set(message.split())
    assert BY_ID[rule].clause.startswith(("DCB0129", "DCB0160", "Implementation guidance", "UK GDPR"))


def test_a_number_that_is_found_is_not_repeated() -> None:
    [finding] = check(born("Patient 943 476 5919 waited"))
    assert not any(letter.isdigit() for letter in finding.message)


def test_a_duplicate_is_told_where_it_stands() -> None:
    bare = Hazard(id=SOUND.id, number=1, name="Wrong patient", status=HazardStatus.OPEN, today=SOUND.today)
    assert len(found(bare)) > 5
    assert found(replace(bare, duplicate=True)) == []
    assert found(replace(bare, duplicate=True, effect="DOB 01/02/1987")) == ["PID002"]


def test_a_long_text_is_quoted_in_short() -> None:
    [finding] = check(with_additional(description="The screen shows " + "a picture " * 40, brings_hazards=None))
    assert len(finding.message) < 300
    assert '..."' in finding.message


def test_the_gravest_come_first() -> None:
    order = list(Gravity)
    assert [order.index(rule.severity) for rule in RULES] == sorted(order.index(rule.severity) for rule in RULES)


def test_the_document_has_the_table() -> None:
    table = documentation()
    assert table in (ROOT / "docs/quality-checks.md").read_text("utf-8"), "run: python -m checks.rules"
