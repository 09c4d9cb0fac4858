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
from models.storage.database import Database, metadata
from tests.models.samples import make_hazard

KEPT = (
    "projects", "hazards", "controls", "risk_assessments", "risk_acceptances", "alarp_records", "comments", "mentions",
    "evidence",
)  # fmt: skip
UNCHANGED = {name: {"created_date"} for name in KEPT if name not in {"projects", "hazards", "controls"}}
HELD = (
    "causes", "harms", "hazard_types", "hazard_controls", "risk_assessments", "alarp_records", "hazard_links",
    "evidence_links", "control_targets",
)  # fmt: skip
SAME = ("projects", "hazards", "controls", "risk_assessments", "risk_acceptances", *HELD)
OVER = {"risk_assessments": "superseded_date", "risk_acceptances": "withdrawn_date"}
TABLES = metadata.tables


def guards(backend: str) -> set[str]:
    """The names of the triggers."""
    names = {f"{table}_stay" for table in KEPT} | {f"{table}_unchanged" for table in UNCHANGED}
    names |= {f"{table}_held_{event}" for table in HELD for event in ("insert", "update", "delete")}
    names |= {"hazards_held", "hazards_reopen", "risk_acceptances_held_insert", "controls_held"}
    names |= {"risk_acceptances_held_withdraw"} | {f"{table}_same" for table in SAME if table != "alarp_records"}
    names |= {f"{table}_over" for table in OVER}
    if backend == "postgresql":
        names |= {f"{table}_held_move" for table in HELD} | {f"{table}_stay" for table in HELD}
    else:
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
    await refused(database, sa.update(table).values(withdrawn_date=row["created_date"]), "closed hazard")
    new = row | {"id": uuid.uuid4(), "withdrawn_date": row["created_date"]}
    await refused(database, sa.insert(table).values(**new), "closed hazard")


async def close(database: Database, hazard: Hazard) -> None:
    async with database.transaction() as connection:
        hazards = TABLES["hazards"]
        await connection.execute(sa.update(hazards).where(hazards.c.id == hazard.id).values(status=HazardStatus.CLOSED))


@pytest.mark.parametrize("name", SAME)
async def test_a_row_is_never_given_another_key(database: Database, name: str) -> None:
    """On SQLite OR REPLACE would take away the row that has it, and foreign keys are off unless they are asked for."""
    await everything(await make_hazard())
    for changes in ({"id": uuid.uuid4()}, {"number": 3})[: 1 + (name == "hazards")]:
        await refused(database, sa.update(TABLES[name]).values(**changes), "what was recorded stays")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", HELD)
async def test_emptying_a_table_is_no_way_to_change_a_closed_hazard(database: Database, name: str) -> None:
    hazard = await make_hazard()
    await everything(hazard)
    await close(database, hazard)
    await refused(database, sa.text(f"TRUNCATE {name} CASCADE"), "TRUNCATE on .*: what was recorded stays")


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


async def another(database: Database, hazard: Hazard) -> uuid.UUID:
    """Another hazard of the project, with the control of the first one."""
    other = await Hazard.objects.get(project=hazard.project.id, number=2)
    control = await Control.objects.get()
    await HazardControl.objects.create(hazard=other.id, control=control, position=1)
    return other.id


@pytest.mark.parametrize("name", ["causes", "harms", "hazard_types", "alarp_records"])
async def test_nothing_moves_into_a_closed_hazard(database: Database, name: str) -> None:
    hazard = await make_hazard()
    await everything(hazard)
    await leave_alone(database, name)
    closed = await Hazard.objects.get(project=hazard.project.id, number=2)
    await close(database, closed)
    await refused(
        database, sa.update(TABLES[name]).values(hazard_id=closed.id), "closed hazard|what was recorded stays"
    )


@pytest.mark.parametrize(
    "values",
    [{"description": "Other"}, {"state": ControlState.WITHDRAWN}, {"evidence": "None"}, {"stage": "additional"}],
)
async def test_what_a_closed_hazard_rests_on_is_held(database: Database, values: dict[str, object]) -> None:
    hazard = await make_hazard()
    await everything(hazard)
    await another(database, hazard)
    await close(database, hazard)
    controls = TABLES["controls"]
    await refused(database, sa.update(controls).values(**values), "closed hazard")
    async with database.transaction() as connection:
        await connection.execute(sa.update(controls).values(brings_hazards=True, version=2))


async def attach(target: dict[str, object]) -> None:
    piece = await Evidence.objects.first()
    await EvidenceLink.objects.create(evidence=piece, purpose=EvidencePurpose.SUPPORT, **target)


@pytest.mark.parametrize("column", ["control_id", "assessment_id"])
async def test_the_evidence_of_what_a_closed_hazard_has_is_held(database: Database, column: str) -> None:
    hazard = await make_hazard()
    await everything(hazard)
    key = (await Control.objects.get()).id if column == "control_id" else (await RiskAssessment.objects.get()).id
    await attach({column.removesuffix("_id"): key})
    await close(database, hazard)
    links = TABLES["evidence_links"]
    mine = links.c[column] == key
    for statement in (sa.delete(links).where(mine), sa.update(links).where(mine).values(purpose="effectiveness")):
        await refused(database, statement, "closed hazard")
    with pytest.raises(sa.exc.IntegrityError, match="closed hazard"):
        await attach({column.removesuffix("_id"): key})
    if column == "control_id":
        # Another hazard is worked on: it needs evidence, and none is taken away for it.
        await another(database, hazard)
        await attach({"control": key})
        await refused(database, sa.delete(links).where(mine), "closed hazard")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_replacing_is_no_way_to_delete(database: Database) -> None:
    """INSERT OR REPLACE takes away rows that a unique index meets, without a trigger for DELETE."""
    hazard = await make_hazard()
    await everything(hazard)
    open_one = (await Hazard.objects.get(number=2)).id
    await close(database, hazard)
    replaced: dict[str, dict[str, object]] = {
        "hazards": {"id": uuid.uuid4()},
        "risk_acceptances": {"id": uuid.uuid4(), "hazard_id": open_one},
        "causes": {"hazard_id": open_one},
        "control_targets": {"position": None},
        "controls": {},
    }
    for name, changes in replaced.items():
        table = TABLES[name]
        async with database.connection() as connection:
            row = dict((await connection.execute(sa.select(table))).mappings().first() or {})
        given = {column: value for column, value in (row | changes).items() if column in table.c}
        statement = sa.insert(table).prefix_with("OR REPLACE").values(**given)
        if name == "risk_acceptances":
            await accept_another(database, row, open_one)
        await refused(database, statement, "closed hazard|what was recorded stays")


async def accept_another(database: Database, row: dict[str, object], hazard: uuid.UUID) -> None:
    async with database.transaction() as connection:
        new = row | {"id": uuid.uuid4(), "hazard_id": hazard}
        await connection.execute(sa.insert(TABLES["risk_acceptances"]).values(**new))
