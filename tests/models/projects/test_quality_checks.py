"""Stored hazards as the rules see them: everything that a rule looks at is read, on both databases."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from checks.hazard import Hazard
from models.audit.audit import Actor
from models.enumerations import (
    Capacity,
    CauseStatus,
    ControlStage,
    ControlState,
    EvidenceKind,
    EvidencePurpose,
    HazardLinkKind,
    IdentificationSource,
    Likelihood,
    Party,
    Role,
    Severity,
    Stage,
)
from models.evidence.evidence import Evidence
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.hazards.hazard_log import ASSESSMENTS, CAUSES, CONTROLS, HAZARDS, LINKS
from models.projects import quality_checks
from models.projects.projects import MEMBERS
from models.projects.quality_checks import ACCEPTANCES, ALARP, DUPLICATES, EVIDENCE, HARMS, RAISED, TARGETS
from models.storage.columns import new_id, utc_now
from models.storage.database import Database
from models.storage.database import database as shared
from models.users.people import USERS
from tests.authentication.statements import counted
from tests.models.samples import make_project

LOG = [
    NewHazard(
        name="Wrong patient",
        harm="Bleeding",
        owner="Ward manager",
        types=["Identity"],
        causes=["One name", "A late list"],
        controls=[
            NewControl("The list shows pictures", ControlStage.ADDITIONAL, evidence="Notes 4.2"),
            NewControl("Names are checked", ControlStage.EXISTING),
            NewControl("Taken back later", ControlStage.ADDITIONAL),
        ],
        ratings={
            Stage.INITIAL: NewRating(Severity.MAJOR, Likelihood.MEDIUM, "Bad", "Often", recorded_level=4),
            Stage.RESIDUAL: NewRating(Severity.MAJOR, Likelihood.LOW, justification="Agreed"),
        },
    ),
    NewHazard(name="wrong PATIENT"),
    NewHazard(name="Alone"),
]


@pytest.fixture
async def project(database: Database) -> UUID:
    key: UUID = (await make_project()).id
    await hazard_additions.create(Actor(), key, LOG)
    return key


async def insert(table: sa.Table, **values: Any) -> None:
    async with shared.transaction() as connection:
        row = {"id": new_id(), "created_date": utc_now(), "updated_date": utc_now(), **values}
        await connection.execute(sa.insert(table).values(**row))


async def update(table: sa.Table, key: Any, **values: Any) -> None:
    async with shared.transaction() as connection:
        await connection.execute(sa.update(table).where(table.c.id == key).values(**values))


async def first_key(table: sa.Table, *where: sa.ColumnElement[bool]) -> UUID:
    async with shared.connection() as connection:
        key: UUID = (await connection.execute(sa.select(table.c.id).where(*where).limit(1))).scalar_one()
    return key


async def seen(project: UUID) -> list[Hazard]:
    return [hazard async for hazard, _ in quality_checks.of_project(project)]


async def test_a_hazard_is_read_as_it_was_recorded(project: UUID) -> None:
    first, _, bare = await seen(project)
    assert (first.number, first.name, first.harm, first.owned, first.typed) == (
        1,
        "Wrong patient",
        "Bleeding",
        True,
        True,
    )
    assert [cause.description for cause in first.causes] == ["One name", "A late list"]
    assert [(one.description, one.evidence, one.additional) for one in first.controls][:2] == [
        ("The list shows pictures", "Notes 4.2", True),
        ("Names are checked", "", False),
    ]
    assert first.initial
    assert (first.initial.level, first.initial.recorded_level, first.initial.severity_justification) == (3, 4, "Bad")
    assert first.residual
    assert (first.residual.level, first.residual.justification) == (3, "Agreed")
    assert (bare.owned, bare.typed, bare.initial, bare.residual, bare.causes, bare.controls) == (
        *(False, False, None, None),
        *((), ()),
    )
    assert bare.today == utc_now().date()


async def test_an_owner_who_is_no_member_is_seen(project: UUID) -> None:
    first, *_ = await seen(project)
    async with shared.connection() as connection:
        user = (await connection.execute(sa.select(USERS.c.id))).scalars().first()
    await update(HAZARDS, first.id, owner_id=user)
    assert [hazard.owner_left for hazard in await seen(project)] == [True, False, False]
    await insert(MEMBERS, project_id=project, user_id=user, role=Role.VIEWER, is_executive=False)
    assert [hazard.owner_left for hazard in await seen(project)] == [False, False, False]


async def test_what_was_said_later_is_seen(project: UUID) -> None:
    before, *_ = await seen(project)
    hazard, cause = before.id, before.causes[1].id
    pictures, _, withdrawn = [control.id for control in before.controls]
    late = dt.date(2026, 1, 1)
    await update(HAZARDS, hazard, source=IdentificationSource.WORKSHOP, review_date=late, owner="")
    more = {"due_date": late, "brings_hazards": True, "brings_hazards_reason": "Slow", "organisation": "St Elsewhere"}
    await update(CONTROLS, pictures, state=ControlState.VERIFIED, responsible=Party.DEPLOYER, **more)
    await update(CONTROLS, withdrawn, state=ControlState.WITHDRAWN)
    await update(CAUSES, cause, status=CauseStatus.CLOSED)
    await insert(HARMS, hazard_id=hazard, position=1, description="A fall")
    first, *_ = await seen(project)
    assert (first.source, first.review_date, first.owned) == (IdentificationSource.WORKSHOP, late, False)
    assert [control.id for control in first.additional] == [pictures]
    control = first.additional[0]
    assert {name: getattr(control, name) for name in more} == more
    assert (control.state, control.responsible, first.evidenced) == (ControlState.VERIFIED, Party.DEPLOYER, True)
    assert {one.id: one.status for one in first.causes}[cause] is CauseStatus.CLOSED
    assert first.harms == ["A fall"]


async def test_what_a_control_acts_on_shows_and_brings_is_seen(project: UUID) -> None:
    before, other, _ = await seen(project)
    hazard, cause = before.id, before.causes[0].id
    pictures, names, _ = [control.id for control in before.controls]
    await insert(HARMS, hazard_id=hazard, position=1, description="A fall")
    harm = await first_key(HARMS)
    link = await first_key(LINKS, LINKS.c.control_id == pictures)
    for target in ({"cause_id": cause, "harm_id": None}, {"cause_id": None, "harm_id": harm}):
        await insert(TARGETS, hazard_control_id=link, **target)
    user = await first_key(USERS)
    evidence = await Evidence.objects.create(
        project=project, kind=EvidenceKind.LINK, title="Test", url="https://example.org/", created_by=user
    )
    purposes = [EvidencePurpose.EFFECTIVENESS, EvidencePurpose.EFFECTIVENESS, EvidencePurpose.IMPLEMENTATION]
    for purpose in purposes:
        await insert(EVIDENCE, evidence_id=evidence.id, purpose=purpose, control_id=pictures)
    await insert(RAISED, control_id=pictures, hazard_id=other.id)
    first, *_ = await seen(project)
    found = {control.id: control for control in first.controls}
    assert (found[pictures].causes, found[pictures].mitigates) == (frozenset({cause}), True)
    assert (found[pictures].shows, found[pictures].raised) == (frozenset(purposes), 1)
    assert found[names].causes | found[names].shows == frozenset()
    assert (found[names].mitigates, found[names].raised) == (False, 0)


async def test_what_was_decided_is_seen(project: UUID) -> None:
    hazard, other, _ = [hazard.id for hazard in await seen(project)]
    user = await first_key(USERS)
    words = {"option": "Two lists", "impracticality": "Slow", "judgement": "No"}
    await insert(ALARP, hazard_id=hazard, recorded_by_id=user, **words)
    first, second, _ = await seen(project)
    assert (first.alarp, first.accepted, first.stale, first.duplicate, second.alarp) == (
        True,
        False,
        False,
        False,
        False,
    )
    assessment = await first_key(ASSESSMENTS)
    said = {
        "rationale": "a",
        "alternatives": "b",
        "judgement": "c",
        "capacity": Capacity.CSO,
        "content": {},
        "level": 3,
    }
    by = {"assessment_id": assessment, "accepted_by_id": user, "content_hash": "0" * 64}
    await insert(ACCEPTANCES, hazard_id=hazard, **by, **said)
    await insert(DUPLICATES, hazard_id=other, other_id=hazard, kind=HazardLinkKind.DUPLICATE)
    first, second, _ = await seen(project)
    assert (first.accepted, first.stale, first.duplicate, second.duplicate) == (True, False, False, True)
    acceptance = await first_key(ACCEPTANCES)
    await update(ACCEPTANCES, acceptance, stale_date=utc_now())
    first, *_ = await seen(project)
    assert (first.accepted, first.stale) == (True, True)
    await update(ACCEPTANCES, acceptance, withdrawn_date=utc_now())
    first, *_ = await seen(project)
    assert (first.accepted, first.stale) == (False, False)


async def test_a_name_is_the_same_in_any_case_and_in_one_log_only(project: UUID) -> None:
    assert [hazard.same_name for hazard in await seen(project)] == [1, 1, 0]
    hazards = [hazard.id for hazard in await seen(project)]
    alone = [await quality_checks.read([key], await quality_checks.names(project, [key])) for key in hazards]
    assert [hazard.same_name for [hazard] in alone] == [1, 1, 0]
    assert await quality_checks.names(new_id()) == {}


async def test_one_hazard_and_the_whole_log_agree(project: UUID) -> None:
    whole = {hazard.id: found async for hazard, found in quality_checks.of_project(project)}
    assert whole
    for key, found in whole.items():
        assert found
        assert await quality_checks.of_hazard(project, key) == found


async def test_the_statements_do_not_grow_with_the_hazards(project: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    key, *_ = [hazard.id for hazard in await seen(project)]
    with counted() as statements:
        await quality_checks.of_hazard(project, key)
    assert len(statements) == 7
    with counted() as statements:
        await seen(project)
    assert len(statements) == 8
    monkeypatch.setattr(quality_checks, "BATCH", 2)
    with counted() as statements:
        assert [hazard.number for hazard in await seen(project)] == [1, 2, 3]
    assert len(statements) == 14


async def test_an_empty_log_has_no_findings(database: Database) -> None:
    assert await seen((await make_project()).id) == []
