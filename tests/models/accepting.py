"""A project whose risks its officer may accept, and changes that other parts of the product make to its hazards."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import (
    ControlStage,
    ControlState,
    HazardStatus,
    Likelihood,
    Severity,
    Stage,
    Standard,
    Visibility,
)
from models.hazards import hazard_additions, hazard_edits, upkeep
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.hazards.hazard_log import CONTROLS, LINKS
from models.projects import projects
from models.projects.projects import MEMBERS
from models.risk import acceptance, alarp
from models.risk.acceptance import Reasons
from models.risk.acceptance_state import ACCEPTANCES
from models.risk.alarp import Impractical
from models.storage.columns import new_id
from models.storage.database import database
from models.users import accounts
from models.users.people import USERS

# A rating of each level.
RATINGS = {
    1: NewRating(Severity.MINOR, Likelihood.LOW),
    2: NewRating(Severity.CONSIDERABLE, Likelihood.LOW),
    3: NewRating(Severity.MAJOR, Likelihood.LOW),
    4: NewRating(Severity.MAJOR, Likelihood.HIGH),
    5: NewRating(Severity.CATASTROPHIC, Likelihood.HIGH),
}
REASONS = Reasons("Benefit outweighs it", "None found", "I would use it on my ward")
IMPRACTICAL = Impractical("A second device", "Needs two more nurses a ward", "Not in proportion")


@dataclass(frozen=True)
class Log:
    """A project and its owner, who is a designated Clinical Safety Officer and has authority as an executive."""

    project: UUID
    actor: Actor

    async def hazard(self, level: int = 0, *controls: str, name: str = "Wrong patient", **fields: Any) -> UUID:
        """A hazard whose initial risk has that level, with additional controls; 0 is no assessment."""
        ratings = {Stage.INITIAL: RATINGS[level]} if level else {}
        given = [NewControl(text, ControlStage.ADDITIONAL) for text in controls]
        hazard = NewHazard(name, ratings=ratings, controls=given, **fields)
        [key] = await hazard_additions.create(self.actor, self.project, [hazard])
        return key

    async def assess(self, hazard: UUID, level: int, stage: Stage = Stage.RESIDUAL) -> None:
        await hazard_edits.assess(self.actor, self.project, hazard, stage, RATINGS[level])

    async def accept(self, hazard: UUID) -> UUID:
        return await acceptance.accept(self.actor, self.project, hazard, REASONS)

    async def argue(self, hazard: UUID) -> UUID:
        return await alarp.record(self.actor, self.project, hazard, IMPRACTICAL)

    async def become(self, hazard: UUID, status: HazardStatus) -> None:
        await hazard_edits.set_status(self.actor, self.project, hazard, status, "Because")


async def a_log(standard: Standard = Standard.DCB0129) -> Log:
    names = {"first_name": "Ada", "last_name": "Example"}
    key = await accounts.create(
        COMMAND_LINE, email_address=f"{new_id()}@example.org", password_hash="none", is_cso=True, **names
    )
    fields = {"name": "Log", "description": "", "standard": standard, "visibility": Visibility.PRIVATE}
    project = await projects.create(COMMAND_LINE, key, **fields)
    await set_member(project, is_executive=True)
    return Log(project, Actor(key))


async def set_member(project: UUID, **values: Any) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.update(MEMBERS).where(MEMBERS.c.project_id == project).values(**values))


async def set_user(user: UUID | None, **values: Any) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.update(USERS).where(USERS.c.id == user).values(**values))


async def set_controls(hazard: UUID, state: ControlState, **values: Any) -> None:
    """As the people who see to the controls of a hazard report."""
    mine = CONTROLS.c.id.in_(sa.select(LINKS.c.control_id).where(LINKS.c.hazard_id == hazard))
    async with database.transaction() as connection:
        await connection.execute(sa.update(CONTROLS).where(mine).values(state=state, **values))
        upkeep.touched(hazard)


async def acceptances(hazard: UUID) -> list[Any]:
    """Every acceptance of a hazard, the oldest first."""
    query = sa.select(ACCEPTANCES).where(ACCEPTANCES.c.hazard_id == hazard)
    async with database.connection() as connection:
        return list((await connection.execute(query.order_by(ACCEPTANCES.c.id))).all())
