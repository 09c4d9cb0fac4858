"""Every operation that changes something, with a request that does: a table that the whole tree is held against."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from authentication import standing
from models import accounts, hazard_edits
from models.audit import COMMAND_LINE
from models.database import database, metadata
from models.enumerations import HazardStatus, Visibility
from tests.authentication import stored
from tests.authentication.stage import Stage
from tests.clients import PASSWORD
from tests.exchange.official_log import a_hazard, official_workbook_bytes


@dataclass(frozen=True)
class Write:
    """A change: where, what is sent, and what must be so before, which is arranged without a session."""

    url: str
    body: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] | None = None
    before: Callable[[Stage], Awaitable[object]] | None = None


PROJECT = "/projects/{project_id}/"
HAZARD = PROJECT + "hazards/{hazard_id}/"
NEW_USER = {"first_name": "Ada", "last_name": "Example", "email_address": "new@example.org", "reason": "Joined"}
WHY = {"justification": "All actions are done"}


async def close(stage: Stage) -> None:
    known = stage.projects[Visibility.PRIVATE]
    closed = HazardStatus.CLOSED
    await hazard_edits.set_status(COMMAND_LINE, known["project_id"], known["hazard_id"], closed, "Done")


async def disable(stage: Stage) -> None:
    await standing.set_active(COMMAND_LINE, await stage.spare_user(), "Left", active=False)


async def add_reader(stage: Stage) -> None:
    await accounts.create(
        COMMAND_LINE, email_address="reader@example.org", first_name="R", last_name="R", password_hash=""
    )


WRITES = [
    Write("/auth/login/", {"email_address": "caller@example.org", "password": PASSWORD}),
    Write("/auth/logout/"),
    Write("/account/confirm/", {"password": PASSWORD}),
    Write("/account/sessions/{session_id}/revoke/"),
    Write("/account/profile/", {"profession": "Pharmacist"}),
    Write("/account/privacy/", {"name_shown_to": "members"}),
    Write("/ops/users/create/", NEW_USER),
    Write("/ops/users/{user_id}/edit/", {"is_administrator": True, "reason": "Runs the service"}),
    Write("/ops/users/{user_id}/disable/", {"reason": "Left"}),
    Write("/ops/users/{user_id}/enable/", {"reason": "Back"}, before=disable),
    Write("/ops/invitations/create/", {"email_address": "new@example.org"}),
    Write("/ops/invitations/{invitation_id}/withdraw/"),
    Write("/ops/sessions/revoke/", {"everyone": True, "reason": "Drill"}),
    Write("/projects/create/", {"name": "Ward round"}),
    Write(PROJECT + "members/create/", {"email_address": "reader@example.org", "role": "viewer"}, before=add_reader),
    Write(PROJECT + "members/{member_id}/edit/", {"role": "reviewer"}),
    Write(PROJECT + "members/{member_id}/remove/"),
    Write(PROJECT + "hazards/create/", {"name": "Wrong dose", "causes": ["Two units"], "types": ["Prescribing"]}),
    Write(PROJECT + "imports/create/", files={"file": ("log.xlsx", official_workbook_bytes([a_hazard()]))}),
    Write(HAZARD + "edit/", {"version": 1, "name": "Wrong patient"}),
    Write(HAZARD + "assess/", {"stage": "initial", "severity": "major", "likelihood": "low"}),
    Write(HAZARD + "close/", WHY),
    Write(HAZARD + "transfer/", WHY),
    Write(HAZARD + "reopen/", WHY, before=close),
]


async def prepare(stage: Stage, write: Write) -> str:
    """Everything in place for a write by a live session; its path."""
    if write.before:
        await write.before(stage)
    await stage.sign_in()
    own: UUID = (await stored.sessions_of(stage.user_id))[-1]["id"] if stage.user_id else UUID(int=0)
    return write.url.format_map(await stage.parameters(Visibility.PRIVATE, own))


async def send(stage: Stage, write: Write, path: str) -> httpx.Response:
    if write.files:
        return await stage.client.post(path, files=write.files)
    return await stage.client.post(path, json=write.body)


async def everything() -> dict[str, list[str]]:
    """All that is stored, table by table."""
    async with database.connection() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in await connection.execute(sa.select(table)))
            for table in metadata.sorted_tables
        }
