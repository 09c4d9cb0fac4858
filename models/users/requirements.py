"""Which roles must have a second factor, and whom that concerns: written with every role, read with every session."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from models.audit import audit
from models.audit.audit import Actor, Change
from models.enumerations import FactorRole
from models.storage.database import database
from models.users.factors import FactorRequirement, Passkey, TotpSecret
from models.users.users import User

REQUIREMENTS = FactorRequirement.ormar_config.table
USERS = User.ormar_config.table
NEW = "SHARE"
ALL = "EXCLUSIVE"


def _required(role: FactorRole) -> sa.ColumnElement[bool]:
    return sa.exists().where(REQUIREMENTS.c.role == role)


NEEDED = sa.or_(
    _required(FactorRole.EVERYONE),
    USERS.c.is_administrator & _required(FactorRole.ADMINISTRATOR),
    USERS.c.is_cso & _required(FactorRole.CSO),
)
"""Whether a user's roles require a second factor, over the table of users."""


async def roles() -> list[FactorRole]:
    """The roles that require one, in the order in which they are offered."""
    async with database.connection() as connection:
        found = set((await connection.execute(sa.select(REQUIREMENTS.c.role))).scalars())
    return [role for role in FactorRole if role in found]


async def apply(user_id: uuid.UUID, *, is_new: bool = False) -> None:
    """Write whether this person needs one, in the transaction that made the account (`is_new`) or wrote its roles.

    A change of the requirements at the same moment misses nobody: it waits for the rows of those whose roles are being
    written, and for accounts that nobody can see yet by the lock of the table.
    """
    async with database.connection() as connection:
        if is_new:
            await _lock(connection, NEW)
        await connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(needs_second_factor=NEEDED))


async def set_roles(actor: Actor, wanted: Collection[FactorRole], reason: str) -> None:
    """Require it of these roles and no others; sessions of theirs without one hold no rights from the commit on."""
    async with database.transaction() as connection:
        await _lock(connection, ALL)
        before = await roles()
        await connection.execute(sa.delete(REQUIREMENTS))
        if wanted:
            await connection.execute(sa.insert(REQUIREMENTS), [{"role": role} for role in sorted(set(wanted))])
        # In the order of keys, as everybody does who locks several.
        await connection.execute(sa.select(USERS.c.id).order_by(USERS.c.id).with_for_update(key_share=True))
        differing = USERS.c.needs_second_factor.is_distinct_from(NEEDED)
        await connection.execute(sa.update(USERS).where(differing).values(needs_second_factor=NEEDED))
        then, now = {"roles": before}, {"roles": sorted(set(wanted))}
        change = Change("second_factor:require", "factor_requirement", before=then, after=now, reason=reason)
        await audit.append(actor, change)


async def _lock(connection: AsyncConnection, mode: str) -> None:
    if database.is_postgresql:  # SQLite has one writer at a time anyway
        await connection.execute(sa.text(f"LOCK TABLE {REQUIREMENTS.name} IN {mode} MODE"))


async def lacking() -> dict[FactorRole, int]:
    """How many active people of each role have no second factor."""
    of_role = {
        FactorRole.ADMINISTRATOR: USERS.c.is_administrator,
        FactorRole.CSO: USERS.c.is_cso,
        FactorRole.EVERYONE: sa.true(),
    }
    without = [~sa.exists().where(table.c.user_id == USERS.c.id) for table in _factors()]
    counts = [sa.func.count().filter(condition) for condition in of_role.values()]
    query = sa.select(*counts).select_from(USERS).where(USERS.c.is_active, *without)
    async with database.connection() as connection:
        row = (await connection.execute(query)).one()
    return dict(zip(of_role, row, strict=True))


def _factors() -> list[sa.Table]:
    return [model.ormar_config.table for model in (TotpSecret, Passkey)]
