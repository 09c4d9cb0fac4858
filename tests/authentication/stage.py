"""A private and a public project with something of everything in them, and every kind of caller."""

from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from authentication import invitations, sign_in
from authentication.sessions import SESSIONS, USERS
from authentication.sign_in import Client
from endpoints._tree import Operation, Tree
from exchange.records import HazardLog
from models.audit.audit import COMMAND_LINE, Actor
from models.enumerations import (
    Audience,
    ControlStage,
    EvidencePurpose,
    HazardLinkKind,
    Role,
    SessionKind,
    Standard,
    Visibility,
)
from models.evidence import evidence_additions
from models.evidence.evidence_about import Targets
from models.evidence.evidence_additions import NewEvidence
from models.evidence.evidence_content import examined
from models.hazards import hazard_additions, hazard_told
from models.hazards.hazard_additions import NewControl, NewHazard
from models.hazards.hazards import Hazard, HazardLink
from models.projects import importing, members, projects
from models.projects.imports import Import
from models.risk.risk_matrix import OFFICIAL
from models.storage.columns import new_id, utc_now
from models.storage.database import database
from models.users import accounts, pictures
from models.users.factors import Passkey
from tests.authentication import stored
from tests.clients import PASSWORD, connect
from tests.drawn import a_picture


@dataclass(frozen=True)
class Kind:
    """A kind of caller; `role` is the one in both projects."""

    role: Role | None = None
    signed_in: bool = True
    verified: bool = True
    administrator: bool = False


KINDS = {
    "anonymous": Kind(signed_in=False),
    "unverified": Kind(verified=False),
    "unverified member": Kind(Role.OWNER, verified=False),
    "stranger": Kind(),
    "administrator": Kind(administrator=True),
    **{role.value: Kind(role) for role in Role},
}


def operations(app: FastAPI) -> list[Operation]:
    tree: Tree = app.state.tree
    return tree.operations


Parameters = dict[str, UUID]
EVERY = frozenset({"member_id", "user_id", "invitation_id", "token_id", "link_id"})
"""What has to be made or looked for, each time."""


@dataclass
class Stage:
    """Where a caller acts: one client, and the path parameters of each project."""

    app: FastAPI
    kind: Kind
    client: httpx.AsyncClient
    projects: dict[Visibility, Parameters]
    user_id: UUID | None = None
    given: dict[str, Any] = field(default_factory=dict)
    """What the next write sends beside its own body."""

    passkey_id: UUID = field(default_factory=new_id)

    async def add_passkey(self) -> None:
        """One of the caller, from which on signing in takes two steps."""
        row = {"public_key": b"", "sign_count": 0, "name": "Phone"}
        made = await Passkey.objects.create(user=self.caller, credential_id=new_id().bytes, **row)
        self.passkey_id = made.id

    @property
    def caller(self) -> UUID:
        assert self.user_id
        return self.user_id

    async def sign_in(self) -> None:
        """Again where an earlier call ended the session."""
        if self.kind.signed_in and (await self.client.get("/account/")).status_code == 401:
            body = {"email_address": "caller@example.org", "password": PASSWORD}
            assert (await self.client.post("/auth/login/", json=body)).status_code == 200

    async def parameters(self, visibility: Visibility, session_id: UUID, *, only: Container[str] = EVERY) -> Parameters:
        """What stands in paths, or in one that asks for these `only`; the call before may have removed a spare one."""
        known = self.projects[visibility]
        makers: dict[str, Callable[[], Awaitable[UUID]]] = {
            "member_id": lambda: self._spare_member(known["project_id"]),
            "user_id": self.spare_user,
            "invitation_id": self._invitation,
            "token_id": self._spare_token,
            "link_id": lambda: link_of(known),
        }
        made = {name: await make() for name, make in makers.items() if name in only}
        return {**known, "session_id": session_id, "passkey_id": self.passkey_id, **made}

    async def _spare_member(self, project_id: UUID) -> UUID:
        spares = [one["id"] for one in await members.listed(project_id) if one["first_name"] == "Spare"]
        return spares[0] if spares else await self._add_spare(project_id)

    async def _spare_token(self) -> UUID:
        """A token of the caller that works, older than every session."""
        if self.user_id is None:
            return new_id()
        policy = self.app.state.sessions
        async with database.transaction() as connection:
            of_user = sa.select(USERS.c.auth_epoch).where(USERS.c.id == self.user_id)
            epoch = (await connection.execute(of_user)).scalar_one()
            actor, _ = await sign_in.start(policy, self.user_id, epoch, Client("", ""))
            values = {"kind": SessionKind.TOKEN, "created_date": utc_now() - timedelta(days=1)}
            await connection.execute(sa.update(SESSIONS).where(SESSIONS.c.id == actor.session_id).values(**values))
        assert actor.session_id is not None
        return actor.session_id

    async def spare_user(self) -> UUID:
        spare = await accounts.by_email_address("spare@example.org")
        assert spare is not None
        return spare.id

    async def _add_spare(self, project_id: UUID) -> UUID:
        return await members.add(COMMAND_LINE, project_id, await self.spare_user(), Role.VIEWER)

    async def _invitation(self) -> UUID:
        found, _ = await invitations.page(1, 1)
        if not found:
            await invitations.invite(self.app.state.sessions.tokens, COMMAND_LINE, "invited@example.org")
            found, _ = await invitations.page(1, 1)
        key: UUID = found[0]["id"]
        return key


async def link_of(known: Mapping[str, UUID]) -> UUID:
    """A link of the hazard of these parameters; a call before may have removed the one there was."""
    found = await HazardLink.objects.filter(hazard=known["hazard_id"]).all()
    if found:
        return found[0].id
    other = await Hazard.objects.get(project=known["project_id"], number=2)
    made = await HazardLink.objects.create(hazard=known["hazard_id"], other=other, kind=HazardLinkKind.RELATED)
    return made.id


@dataclass(frozen=True)
class Furnished:
    """What stands on a stage, whoever acts there."""

    projects: dict[Visibility, Parameters]
    caller: UUID


async def furnish(app: FastAPI, kind: Kind) -> Furnished:
    password_hash = await app.state.passwords.hash(PASSWORD)
    people = {}
    for name in ("Boss", "Spare", "Caller"):
        people[name] = await accounts.create(
            COMMAND_LINE,
            email_address=f"{name}@example.org",
            first_name=name,
            last_name="Example",
            password_hash=password_hash,
            is_verified=kind.verified or name != "Caller",
            is_administrator=kind.administrator and name == "Caller",
        )
    await stored.set_user(people["Spare"], name_shown_to=Audience.EVERYONE)
    await pictures.store(COMMAND_LINE, people["Spare"], pictures.made_of(a_picture()))
    made = {visibility: await filled_project(people["Boss"], visibility) for visibility in Visibility}
    for known in made.values():
        if kind.role:
            await members.add(COMMAND_LINE, known["project_id"], people["Caller"], kind.role)
    return Furnished(made, people["Caller"])


@asynccontextmanager
async def staged(app: FastAPI, kind: Kind, furnished: Furnished | None = None) -> AsyncIterator[Stage]:
    """A stage on the database of the application; one that is furnished is taken as it is."""
    found = furnished or await furnish(app, kind)
    async with connect(app) as client:
        yield Stage(app, kind, client, dict(found.projects), found.caller if kind.signed_in else None)


async def filled_project(owner: UUID, visibility: Visibility) -> dict[str, UUID]:
    """The path parameters of a project with a hazard, an import and a piece of evidence."""
    fields = {"name": visibility.value, "standard": Standard.DCB0129, "visibility": visibility}
    project = await projects.create(COMMAND_LINE, owner, **fields)
    controls = [NewControl("Photograph", ControlStage.EXISTING)]
    whole = NewHazard("Wrong patient selected", causes=["Lists look alike"], controls=controls)
    hazards = [whole, NewHazard("Wrong ward")]
    hazard, _ = await hazard_additions.create(COMMAND_LINE, project, hazards)
    row = {"file_name": "log.csv", "sha256": "0" * 64, "layout": "official", "imported": 0}
    report = importing.report_of(HazardLog("official", (), ()), OFFICIAL)
    read = await Import.objects.create(project=project, created_by=owner, report=report, **row)
    file = BytesIO(a_picture())
    proof = NewEvidence("Report", content=examined(file, "report.png"))
    given = (Actor(user_id=owner), project, proof, Targets(hazards=[hazard]), EvidencePurpose.SUPPORT, file)
    evidence = await evidence_additions.create(*given)
    known = {"project_id": project, "hazard_id": hazard, "import_id": read.id, "evidence_id": evidence}
    lists = await hazard_told.lists(hazard)
    known |= {"cause_id": lists["causes"][0]["id"], "control_id": lists["controls"][0]["id"]}
    return {**known, "link_id": await link_of(known)}
