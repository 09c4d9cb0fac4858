"""What the database itself refuses, whoever asks: to forget what was recorded, and to change a closed hazard."""

import uuid

import pytest
import sqlalchemy as sa

from models import (
    AlarpRecord,
    Cause,
    Comment,
    Control,
    ControlTarget,
    Evidence,
    EvidenceLink,
    Hazard,
    HazardControl,
    HazardLink,
    HazardType,
    Mention,
    PotentialHarm,
    RiskAcceptance,
    RiskAssessment,
    User,
)
from models.database import Database, metadata
from models.enumerations import (
    Capacity,
    ControlStage,
    ControlState,
    EvidenceKind,
    EvidencePurpose,
    HazardLinkKind,
    HazardStatus,
    Likelihood,
    Severity,
    Stage,
)
from tests.models.samples import make_hazard

KEPT = ("hazards", "risk_assessments", "risk_acceptances", "alarp_records", "comments", "mentions", "evidence")
UNCHANGED = {name: {"created_date"} for name in KEPT if name != "hazards"}
HELD = (
    "causes", "harms", "hazard_types", "hazard_controls", "risk_assessments", "alarp_records", "hazard_links",
    "evidence_links", "control_targets",
)  # fmt: skip
OVER = {"risk_assessments": "superseded_date", "risk_acceptances": "withdrawn_date"}
TABLES = metadata.tables


def guards(backend: str) -> set[str]:
    """The names of the triggers."""
    names = {f"{table}_stay" for table in KEPT} | {f"{table}_unchanged" for table in UNCHANGED}
    names |= {f"{table}_held_{event}" for table in HELD for event in ("insert", "update", "delete")}
    names |= {"hazards_held", "hazards_reopen", "risk_acceptances_held_insert"}
    names |= {f"{table}_over" for table in OVER}
    if backend == "sqlite":
        names |= {f"{table}_no_replace" for table in KEPT}
        names |= {f"hazard_search_{what}" for what in ("removed", "changed")}
    return names


async def everything(hazard: Hazard) -> None:
    """One row in each table that belongs to a hazard."""
    user = await User.objects.first()
    key, project = hazard.id, hazard.project.id
    other = await Hazard.objects.create(project=project, number=2, name="Another")
    rating = {"severity": Severity.MAJOR, "likelihood": Likelihood.LOW, "level": 3, "matrix_version": "nhs-2018"}
    assessment = await RiskAssessment.objects.create(hazard=key, stage=Stage.INITIAL, **rating)
    words = {"rationale": "r", "alternatives": "a", "judgement": "j"}
    await RiskAcceptance.objects.create(
        hazard=key, assessment=assessment, level=3, capacity=Capacity.CSO, accepted_by=user, content={},
        content_hash="0" * 64, **words,
    )  # fmt: skip
    await AlarpRecord.objects.create(hazard=key, option="o", impracticality="i", judgement="j", recorded_by=user)
    cause = await Cause.objects.create(hazard=key, position=1, description="c")
    await PotentialHarm.objects.create(hazard=key, position=1, description="h")
    await HazardType.objects.create(hazard=key, name="WrongDrug")
    await HazardLink.objects.create(hazard=key, other=other, kind=HazardLinkKind.RELATED)
    control = await Control.objects.create(
        project=project, description="d", stage=ControlStage.EXISTING, state=ControlState.IMPLEMENTED
    )
    link = await HazardControl.objects.create(hazard=key, control=control, position=1)
    await ControlTarget.objects.create(hazard_control=link, cause=cause)
    evidence = await Evidence.objects.create(
        project=project, kind=EvidenceKind.LINK, title="t", url="https://example.org/", created_by=user
    )
    await EvidenceLink.objects.create(evidence=evidence, purpose=EvidencePurpose.SUPPORT, hazard=key)
    comment = await Comment.objects.create(hazard=key, written_by=user, body="b")
    await Mention.objects.create(comment=comment, user=user)


async def refused(database: Database, statement: sa.Executable, match: str) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=match):
        async with database.transaction() as connection:
            await connection.execute(statement)


@pytest.mark.parametrize("name", KEPT)
async def test_what_was_recorded_is_never_deleted(database: Database, name: str) -> None:
    await everything(await make_hazard())
    await refused(database, sa.delete(TABLES[name]), "what was recorded stays")


@pytest.mark.parametrize("name", UNCHANGED)
async def test_what_was_recorded_is_never_changed(database: Database, name: str) -> None:
    await everything(await make_hazard())
    same = {column: TABLES[name].c[column] for column in UNCHANGED[name]}
    await refused(database, sa.update(TABLES[name]).values(**same), "what was recorded stays")


@pytest.mark.parametrize("name", OVER)
async def test_what_is_over_is_not_brought_back(database: Database, name: str) -> None:
    await everything(await make_hazard())
    table, column = TABLES[name], OVER[name]
    async with database.transaction() as connection:
        await connection.execute(sa.update(table).values({column: table.c.created_date}))
    for value in (None, table.c.updated_date):
        await refused(database, sa.update(table).values({column: value}), "what was recorded stays")


async def test_the_risk_of_a_closed_hazard_is_not_accepted_but_may_go_stale(database: Database) -> None:
    hazard = await make_hazard()
    await everything(hazard)
    await close(database, hazard)
    table = TABLES["risk_acceptances"]
    async with database.transaction() as connection:
        row = dict((await connection.execute(sa.select(table))).mappings().one())
        await connection.execute(sa.update(table).values(stale_date=row["created_date"]))
    new = row | {"id": uuid.uuid4(), "withdrawn_date": row["created_date"]}
    await refused(database, sa.insert(table).values(**new), "closed hazard")


async def close(database: Database, hazard: Hazard) -> None:
    async with database.transaction() as connection:
        hazards = TABLES["hazards"]
        await connection.execute(sa.update(hazards).where(hazards.c.id == hazard.id).values(status=HazardStatus.CLOSED))


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("act", ["update", "delete"])
async def test_what_belongs_to_a_closed_hazard_is_held(database: Database, name: str, act: str) -> None:
    hazard = await make_hazard()
    await everything(hazard)
    await leave_alone(database, name)
    await close(database, hazard)
    table = TABLES[name]
    changes = {"update": sa.update(table).values(updated_date=table.c.updated_date), "delete": sa.delete(table)}
    await refused(database, changes[act], "closed hazard|what was recorded stays")


@pytest.mark.parametrize("name", HELD)
async def test_nothing_is_added_to_a_closed_hazard(database: Database, name: str) -> None:
    hazard = await make_hazard()
    await everything(hazard)
    await leave_alone(database, name)
    table = TABLES[name]
    async with database.transaction() as connection:
        row = dict((await connection.execute(sa.select(table))).mappings().one())
        if name in KEPT:
            row["superseded_date" if name == "risk_assessments" else "created_date"] = row["created_date"]
        else:
            await connection.execute(sa.delete(table))
    await close(database, hazard)
    await refused(database, sa.insert(table).values(**row | {"id": uuid.uuid4()}), "closed hazard")


async def leave_alone(database: Database, name: str) -> None:
    """A foreign key would refuse to delete what something refers to, before any trigger is asked."""
    if name in ("causes", "hazard_controls"):
        async with database.transaction() as connection:
            await connection.execute(sa.delete(TABLES["control_targets"]))


async def test_the_words_of_a_closed_hazard_are_held_until_it_is_open_again(database: Database) -> None:
    hazard = await make_hazard()
    await close(database, hazard)
    hazards = TABLES["hazards"]
    for values in ({"name": "Other"}, {"name": "Other", "status": HazardStatus.OPEN}, {"version": 7}):
        await refused(database, sa.update(hazards).values(**values), "closed hazard")
    async with database.transaction() as connection:
        await connection.execute(sa.update(hazards).values(status=HazardStatus.OPEN, version=2))
        await connection.execute(sa.update(hazards).values(name="Other"))
    assert (await Hazard.objects.get()).name == "Other"
