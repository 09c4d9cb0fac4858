"""Rules that every table keeps, those of later issues too."""

from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from models import Cause, Control, Hazard, HazardControl, HazardType, Project, ProjectMember, RiskAssessment, User
from models.enumerations import ControlStage, ControlState, Likelihood, Role, Severity, Stage
from models.storage.columns import utc_now
from models.storage.database import Database, metadata
from tests.models.samples import make_hazard, make_project, make_user

TABLES = list(metadata.tables.values())
LONGEST_NAME = 63  # PostgreSQL cuts longer names off


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_constraint_and_index_has_a_name_that_fits(table: sa.Table) -> None:
    names = [*(item.name for item in table.constraints), *(item.name for item in table.indexes)]
    assert all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in names), names


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_reference_keeps_its_target_and_is_indexed(table: sa.Table) -> None:
    first_columns = {next(iter(index.columns)).name for index in table.indexes}
    first_columns |= {
        next(iter(item.columns)).name
        for item in table.constraints
        if isinstance(item, sa.UniqueConstraint | sa.PrimaryKeyConstraint) and item.columns
    }
    for key in table.foreign_keys:
        assert key.ondelete == "RESTRICT", key
        assert key.parent.name.endswith("_id"), key
        assert key.parent.name in first_columns, key


async def test_what_is_referred_to_cannot_be_deleted(database: Database) -> None:
    project = await make_project()
    with pytest.raises(sa.exc.IntegrityError):
        await User.objects.delete(id=project.created_by.pk)
    assert await User.objects.count() == 1


async def test_an_address_is_stored_once_and_in_lower_case(database: Database) -> None:
    await make_user("ada@example.org")
    with pytest.raises(sa.exc.IntegrityError, match="email_address"):
        await make_user("ada@example.org")
    with pytest.raises(sa.exc.IntegrityError, match="ck_users_email_address_lower_case"):
        await make_user("Eve@example.org")


async def test_pairs_and_numbers_are_given_once(database: Database) -> None:
    hazard = await make_hazard()
    project = await Project.objects.get()
    control = await Control.objects.create(
        project=project, description="Check", stage=ControlStage.EXISTING, state=ControlState.IMPLEMENTED
    )
    twice: list[Callable[[], Awaitable[object]]] = [
        lambda: Hazard.objects.create(project=project, number=7, name="Other"),
        lambda: HazardType.objects.create(hazard=hazard, name="Medication"),
        lambda: HazardControl.objects.create(hazard=hazard, control=control, position=1),
        lambda: ProjectMember.objects.create(project=project, user=project.created_by, role=Role.OWNER),
    ]
    for create in twice:
        await create()
        with pytest.raises(sa.exc.IntegrityError):
            await create()


async def assess(hazard: Hazard, stage: Stage, level: int = 3) -> RiskAssessment:
    return await RiskAssessment.objects.create(
        hazard=hazard,
        stage=stage,
        severity=Severity.MAJOR,
        likelihood=Likelihood.MEDIUM,
        level=level,
        matrix_version="nhs-2018",
    )


async def test_a_hazard_has_one_current_assessment_of_each_stage(database: Database) -> None:
    hazard = await make_hazard()
    first = await assess(hazard, Stage.INITIAL)
    await assess(hazard, Stage.RESIDUAL)
    with pytest.raises(sa.exc.IntegrityError):
        await assess(hazard, Stage.INITIAL)
    await first.update(_columns=["superseded_date"], superseded_date=utc_now())
    await assess(hazard, Stage.INITIAL)
    assert await RiskAssessment.objects.filter(stage=Stage.INITIAL).count() == 2


@pytest.mark.parametrize("level", [0, 6])
async def test_a_level_is_from_1_to_5(database: Database, level: int) -> None:
    hazard = await make_hazard()
    with pytest.raises(sa.exc.IntegrityError, match="ck_risk_assessments_level"):
        await assess(hazard, Stage.INITIAL, level)


async def test_joins_with_a_limit_work_on_both(database: Database) -> None:
    """Ormar then asks for the least key, which PostgreSQL knows of UUIDs by our first migration only."""
    hazard = await make_hazard()
    for position in range(3):
        await Cause.objects.create(hazard=hazard, position=position, description=f"Cause {position}")
    found = await Cause.objects.select_related("hazard__project").order_by("position").limit(2).all()
    assert [cause.position for cause in found] == [0, 1]
    assert found[0].hazard.project.name == "Ward tablets"
    first = await Cause.objects.filter(hazard__name="Wrong patient").first()
    assert first.hazard.pk == hazard.id
