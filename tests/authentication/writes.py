"""Every operation that changes something, with a request that does: a table that the whole tree is held against."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from authentication import passkeys, recovery_codes, single_use, standing, totp
from authentication.second_steps import LIFETIME
from authentication.tokens import Tokens
from models import enumerations
from models.audit.audit import COMMAND_LINE, Actor
from models.comments import discussions
from models.controls import control_edits, control_links
from models.controls.control_answers import Answer
from models.enumerations import CauseStatus, ControlStage, HazardStatus, Likelihood, Purpose, Severity, Visibility
from models.evidence import evidence_additions
from models.hazards import causes, hazard_additions, hazard_edits
from models.hazards.hazard_additions import NewHazard, NewRating
from models.hazards.hazard_parts import Place
from models.projects import drafts, governance
from models.storage.database import database, metadata
from models.users import accounts, pictures
from tests.authentication import factors, stored
from tests.authentication.devices import Device
from tests.authentication.stage import Stage
from tests.clients import PASSWORD
from tests.drawn import a_picture
from tests.exchange.official_log import a_hazard, official_workbook_bytes


@dataclass(frozen=True)
class Write:
    """A change: where, what is sent, and what must be so before, which is arranged without a session.

    Of what `before` gives, a mapping is sent too. `fenced` is False where no session is needed.
    """

    url: str
    body: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] | None = None
    form: dict[str, str] = field(default_factory=dict)
    """What is sent beside the files."""
    before: Callable[[Stage], Awaitable[object]] | None = None
    fenced: bool = True


PROJECT = "/projects/{project_id}/"
HAZARD = PROJECT + "hazards/{hazard_id}/"
EVIDENCE = PROJECT + "evidence/"
NEW_USER = {"first_name": "Ada", "last_name": "Example", "email_address": "new@example.org", "reason": "Joined"}
ALARP = {"option": "Two nurses", "impracticality": "There are none", "judgement": "Not in proportion"}
ACCEPTANCE = {"rationale": "Benefit", "alternatives": "None", "judgement": "Tolerable"}
CONTROL = PROJECT + "controls/{control_id}/"
WHY = {"justification": "All actions are done"}
NOTHING_NEW = {"brings_hazards": False, "brings_hazards_reason": "It only shows"}


async def rate(stage: Stage) -> None:
    """At level 2, where the caller, as an officer, may accept the risk, say why less is impractical, and close it."""
    known = stage.projects[Visibility.PRIVATE]
    rating = NewRating(Severity.CONSIDERABLE, Likelihood.LOW)
    await hazard_edits.assess(COMMAND_LINE, known["project_id"], known["hazard_id"], enumerations.Stage.INITIAL, rating)
    await stored.set_user(stage.caller, is_cso=True)


async def another_hazard(stage: Stage) -> dict[str, str]:
    project = stage.projects[Visibility.PRIVATE]["project_id"]
    [key] = await hazard_additions.create(COMMAND_LINE, project, [NewHazard("Another")])
    return {"other_id": str(key)}


async def close(stage: Stage) -> None:
    await rate(stage)
    known = stage.projects[Visibility.PRIVATE]
    closed = HazardStatus.CLOSED
    await hazard_edits.set_status(COMMAND_LINE, known["project_id"], known["hazard_id"], closed, "Done")


async def choose(stage: Stage) -> dict[str, list[str]]:
    return {"hazard_ids": [str(stage.projects[Visibility.PRIVATE]["hazard_id"])]}


async def say(stage: Stage) -> None:
    """Somebody else has commented, and meant the caller."""
    known, boss = stage.projects[Visibility.PRIVATE], await accounts.by_email_address("boss@example.org")
    assert boss
    meant = [stage.caller] if stage.kind.role else []
    await discussions.write(Actor(boss.id), known["project_id"], known["hazard_id"], "Is it so?", meant)


async def put_away(stage: Stage) -> None:
    await stage.parameters(Visibility.PRIVATE, UUID(int=0))  # once it is archived, nothing can be added for them
    project_id = stage.projects[Visibility.PRIVATE]["project_id"]
    await governance.archive(COMMAND_LINE, project_id, "Replaced")


async def choose_heir(stage: Stage) -> dict[str, str]:
    known = await stage.parameters(Visibility.PRIVATE, UUID(int=0))
    return {"member_id": str(known["member_id"])}


async def name_source(stage: Stage) -> dict[str, str]:
    return {"hazard_id": str(stage.projects[Visibility.PRIVATE]["hazard_id"])}


async def name_hazard(stage: Stage) -> dict[str, list[str]]:
    return {"hazards": [str(stage.projects[Visibility.PRIVATE]["hazard_id"])]}


async def name_link(stage: Stage) -> dict[str, str]:
    (link,) = await evidence_additions.links(stage.projects[Visibility.PRIVATE]["evidence_id"])
    return {"attachment": str(link["id"])}


async def add_control(stage: Stage) -> dict[str, str]:
    known = stage.projects[Visibility.PRIVATE]
    fields, answer = {"description": "Alarm", "stage": ControlStage.ADDITIONAL}, Answer(brings_hazards=False, reason="")
    return {"control_id": str(await control_edits.create(COMMAND_LINE, known["project_id"], fields, answer))}


async def leave_to_deployer(stage: Stage) -> None:
    known = stage.projects[Visibility.PRIVATE]
    place, answer = Place(known["project_id"], known["hazard_id"]), Answer(brings_hazards=False, reason="")
    fields = {"description": "Training", "stage": ControlStage.ADDITIONAL, "responsible": enumerations.Party.DEPLOYER}
    await control_links.add(COMMAND_LINE, place, fields, answer, [])


async def find_cause(stage: Stage) -> dict[str, list[str]]:
    return {"acts_on": [str(stage.projects[Visibility.PRIVATE]["cause_id"])]}


async def close_cause(stage: Stage) -> None:
    known = stage.projects[Visibility.PRIVATE]
    place = Place(known["project_id"], known["hazard_id"])
    await causes.set_status(COMMAND_LINE, place, known["cause_id"], CauseStatus.CLOSED, "Done")


async def disable(stage: Stage) -> None:
    await standing.set_active(COMMAND_LINE, await stage.spare_user(), "Left", active=False)


async def add_picture(stage: Stage) -> None:
    assert stage.user_id
    await pictures.store(COMMAND_LINE, stage.user_id, pictures.made_of(a_picture()))


async def add_reader(stage: Stage) -> None:
    await accounts.create(
        COMMAND_LINE, email_address="reader@example.org", first_name="R", last_name="R", password_hash=""
    )


async def type_something(stage: Stage) -> None:
    await drafts.keep(Actor(stage.caller), "/projects/create/", "name=Ward")


CALLER = {"email_address": "caller@example.org"}
NEW_PASSWORD = "mango ferry slate"
NEWCOMER = {"first_name": "New", "last_name": "Comer", "password": NEW_PASSWORD}


def secret(purpose: Purpose, address: str | None = None) -> Callable[[Stage], Awaitable[object]]:
    """What a letter to the caller would hold."""

    async def issue(stage: Stage) -> dict[str, str]:
        tokens: Tokens = stage.app.state.sessions.tokens
        hour = timedelta(hours=1)
        return {"token": await single_use.issue(tokens, purpose, hour, user_id=stage.user_id, email_address=address)}

    return issue


async def have_app(stage: Stage) -> None:
    """The caller has an app, and stays signed in."""
    await factors.store_app(stage.caller)


async def spare_has_app(stage: Stage) -> None:
    await factors.store_app(await stage.spare_user())


async def confirm_app(stage: Stage) -> dict[str, str]:
    setup = totp.begin(stage.caller)
    return {"draft": setup.draft, "code": factors.code_now(setup.key)}


async def take_first_step(stage: Stage) -> dict[str, str]:
    await have_app(stage)
    policy = stage.app.state.sessions
    async with database.transaction():
        pending = await single_use.issue(policy.tokens, Purpose.SECOND_FACTOR, LIFETIME, user_id=stage.caller)
    return {"second_factor": pending, "code": factors.code_now(factors.KEY)}


async def make_passkey(stage: Stage) -> dict[str, str]:
    """Its challenge is bound to the session, which was begun before."""
    session = (await stored.sessions_of(stage.caller))[-1]["id"]
    about = named(stage, f"add passkey {session}")
    return {"passkey": Device().create(await passkeys.to_create(about, stage.caller, "caller"))}


async def show_passkey(stage: Stage) -> dict[str, str]:
    about, device = named(stage, "add"), Device()
    made = passkeys.made(about, device.create(await passkeys.to_create(about, stage.caller, "caller")))
    assert made
    async with database.transaction():
        await passkeys.store(stage.caller, made, "Phone")
    options = await passkeys.to_get(named(stage, "sign in"))
    assert options
    return {"passkey": device.get(options)}


def named(stage: Stage, binding: str) -> passkeys.Ceremony:
    """As if people reached the service by a name."""
    about = passkeys.ceremony(stage.app.state.settings, stage.app.state.sessions.tokens, binding)
    assert about, "the application of these tests has no PUBLIC_URL"
    return about


async def make_codes(stage: Stage) -> dict[str, str]:
    await have_app(stage)
    return {"draft": recovery_codes.make(stage.caller).draft}


async def invite(stage: Stage) -> dict[str, str]:
    tokens: Tokens = stage.app.state.sessions.tokens
    hour, address = timedelta(hours=1), "newcomer@example.org"
    return {"invitation": await single_use.issue(tokens, Purpose.INVITATION, hour, email_address=address)}


async def share(stage: Stage) -> None:
    """Somebody else owns what the caller does, and administers."""
    boss = await accounts.by_email_address("boss@example.org")
    assert boss
    await stored.set_user(boss.id, is_administrator=True)


async def unverify(stage: Stage) -> None:
    assert stage.user_id
    await stored.set_user(stage.user_id, is_verified=False)


WRITES = [
    Write("/auth/login/", {**CALLER, "password": PASSWORD}, fenced=False),
    Write("/auth/second_factor/", before=take_first_step, fenced=False),
    Write("/auth/passkey/", before=show_passkey, fenced=False),
    Write("/auth/forgotten_password/", CALLER, fenced=False),
    Write(
        "/auth/reset_password/",
        {"password": NEW_PASSWORD},
        before=secret(Purpose.RESET_PASSWORD),
        fenced=False,
    ),
    Write("/auth/register/", NEWCOMER, before=invite, fenced=False),
    Write("/auth/verify/", before=secret(Purpose.VERIFY_EMAIL)),
    Write("/auth/verify/resend/", before=unverify),
    Write("/account/password/", {"current_password": PASSWORD, "new_password": NEW_PASSWORD}),
    Write("/account/email_address/", {"email_address": "other@example.org", "password": PASSWORD}),
    Write("/account/email_address/confirm/", before=secret(Purpose.CHANGE_EMAIL, "other@example.org")),
    Write("/account/deactivate/", {"password": PASSWORD}, before=share),
    Write("/auth/logout/"),
    Write("/account/confirm/", {"password": PASSWORD}),
    Write("/account/second_factor/app/", before=confirm_app),
    Write("/account/second_factor/app/remove/", before=have_app),
    Write("/account/second_factor/recovery_codes/", before=make_codes),
    Write("/account/second_factor/passkeys/create/", {"name": "Phone"}, before=make_passkey),
    Write("/account/second_factor/passkeys/{passkey_id}/remove/", before=Stage.add_passkey),
    Write("/account/sessions/{session_id}/revoke/"),
    Write("/account/sessions/revoke/", {"others": True}),
    Write("/account/tokens/create/", {"label": "Export", "scopes": ["read"]}),
    Write("/account/tokens/{token_id}/revoke/"),
    Write("/account/profile/", {"profession": "Pharmacist"}),
    Write("/account/picture/", files={"file": ("me.png", a_picture())}),
    Write("/account/picture/remove/", before=add_picture),
    Write("/account/notices/", {"notices_by_mail": "daily"}),
    Write("/notices/read/", before=say),
    Write("/account/privacy/", {"name_shown_to": "members"}),
    Write("/ops/users/create/", NEW_USER),
    Write("/ops/users/{user_id}/edit/", {"is_administrator": True, "reason": "Runs the service"}),
    Write("/ops/users/{user_id}/disable/", {"reason": "Left"}),
    Write("/ops/users/{user_id}/second_factor/remove/", {"reason": "Lost"}, before=spare_has_app),
    Write("/ops/second_factor/", {"roles": [], "reason": "Drill"}),
    Write("/ops/users/{user_id}/enable/", {"reason": "Back"}, before=disable),
    Write("/ops/invitations/create/", {"email_address": "new@example.org"}),
    Write("/ops/invitations/{invitation_id}/withdraw/"),
    Write("/ops/sessions/revoke/", {"everyone": True, "reason": "Drill"}),
    Write("/projects/create/", {"name": "Ward round"}),
    Write(PROJECT + "edit/", {"version": 1, "name": "Ward rounds"}),
    Write(PROJECT + "visibility/", {"visibility": "public", "reason": "Published"}),
    Write(PROJECT + "transfer/", {"own_role": "contributor"}, before=choose_heir),
    Write(PROJECT + "archive/", {"reason": "Replaced"}),
    Write(PROJECT + "unarchive/", {"reason": "Still in use"}, before=put_away),
    Write(PROJECT + "members/create/", {"email_address": "reader@example.org", "role": "viewer"}, before=add_reader),
    Write(PROJECT + "members/{member_id}/edit/", {"role": "reviewer"}),
    Write(PROJECT + "members/{member_id}/remove/"),
    Write(PROJECT + "hazards/create/", {"name": "Wrong dose", "causes": ["Two units"], "types": ["Wrong drug dose"]}),
    Write(PROJECT + "hazards/copy/", before=name_source),
    Write(PROJECT + "imports/create/", files={"file": ("log.xlsx", official_workbook_bytes([a_hazard()]))}),
    Write(
        EVIDENCE + "create/",
        form={"title": "Report", "purpose": "support"},
        files={"file": ("report.png", a_picture())},
    ),
    Write(EVIDENCE + "{evidence_id}/attach/", {"purpose": "effectiveness"}, before=name_hazard),
    Write(EVIDENCE + "{evidence_id}/detach/", {"justification": "It is about another system"}, before=name_link),
    Write(HAZARD + "edit/", {"version": 2, "name": "Wrong patient"}),
    Write(PROJECT + "types/create/", {"name": "Stale data"}),
    Write(PROJECT + "controls/create/", {"description": "Alarm", **NOTHING_NEW}),
    Write(CONTROL + "edit/", {"version": 1, "description": "Large photograph"}),
    Write(CONTROL + "state/", {"state": "withdrawn", **WHY}),
    Write(CONTROL + "new_hazards/", {"version": 1, **NOTHING_NEW}),
    Write(HAZARD + "controls/create/", {"description": "Alarm", **NOTHING_NEW}),
    Write(HAZARD + "controls/link/", before=add_control),
    Write(HAZARD + "controls/{control_id}/acts_on/", {"version": 2}, before=find_cause),
    Write(HAZARD + "controls/{control_id}/remove/"),
    Write(HAZARD + "causes/{cause_id}/close/", WHY),
    Write(HAZARD + "causes/{cause_id}/reopen/", WHY, before=close_cause),
    Write(HAZARD + "assess/", {"stage": "initial", "severity": "major", "likelihood": "low"}),
    Write(HAZARD + "alarp/create/", ALARP, before=rate),
    Write(HAZARD + "accept/", ACCEPTANCE, before=rate),
    Write(HAZARD + "links/create/", {"kind": "related"}, before=another_hazard),
    Write(HAZARD + "links/{link_id}/remove/"),
    Write(HAZARD + "close/", WHY, before=rate),
    Write(HAZARD + "transfer/", WHY, before=leave_to_deployer),
    Write(HAZARD + "reopen/", WHY, before=close),
    Write(PROJECT + "hazards/bulk/", {"action": "type_add", "value": "Allergy", **WHY}, before=choose),
    Write(HAZARD + "comments/create/", {"body": "Is it so?"}),
    Write(HAZARD + "comments/read/", before=say),
]

UNRECORDED = [
    Write("/account/drafts/", {"path": "/projects/create/", "form": "name=Ward"}),
    Write("/account/drafts/discard/", {"path": "/projects/create/"}, before=type_something),
]
"""What is stored for its writer alone and is nothing that history tells of; the fence holds it all the same."""


async def prepare(stage: Stage, write: Write) -> str:
    """Everything in place for a write by a live session; its path."""
    await stage.sign_in()
    given = await write.before(stage) if write.before else None
    stage.given = given if isinstance(given, dict) else {}
    own: UUID = (await stored.sessions_of(stage.user_id))[-1]["id"] if stage.user_id else UUID(int=0)
    return write.url.format_map(await stage.parameters(Visibility.PRIVATE, own))


async def send(stage: Stage, write: Write, path: str) -> httpx.Response:
    if write.files:
        return await stage.client.post(path, files=write.files, data=write.form)
    return await stage.client.post(path, json={**write.body, **stage.given})


async def everything() -> dict[str, list[str]]:
    """All that is stored, table by table."""
    async with database.connection() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in await connection.execute(sa.select(table)))
            for table in metadata.sorted_tables
        }
