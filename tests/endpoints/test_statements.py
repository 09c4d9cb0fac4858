"""No page asks the database more often because there is more to show: each of the hazard part, with 1 and with 30."""

from typing import Any
from uuid import UUID

import pytest

from models import (
    AlarpRecord,
    Cause,
    Comment,
    Control,
    Evidence,
    EvidenceLink,
    HazardLink,
    HazardType,
    Import,
    Notice,
    PotentialHarm,
    ProjectMember,
    RiskAcceptance,
    RiskAssessment,
    User,
)
from models.audit.audit import COMMAND_LINE
from models.enumerations import (
    Capacity,
    ControlStage,
    EvidenceKind,
    EvidencePurpose,
    HazardLinkKind,
    Likelihood,
    NoticeKind,
    Role,
    Severity,
    Stage,
)
from models.hazards import hazard_additions, hazard_edits
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.storage.columns import utc_now
from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.hazards.test_filters import YESTERDAY, control
from tests.endpoints.projects.traces import key_of
from tests.pages import pages

FEW, MANY = 1, 30
PLACES = ("/projects/", "/my_work/", "/notices/")
QUERY = {"/projects/{project_id}/hazards/similar/": "?text=hazard+of+the+log"}
RATING = NewRating(Severity.MINOR, Likelihood.LOW)
WHOLE = NewHazard(
    "A hazard of the log",
    causes=["Cause"],
    harms=["Harm"],
    types=["Type"],
    controls=[NewControl("Control", ControlStage.ADDITIONAL), NewControl("In place", ControlStage.EXISTING)],
    ratings={Stage.INITIAL: RATING, Stage.RESIDUAL: RATING},
    review_date=YESTERDAY,
)
WORDS = dict.fromkeys(("rationale", "alternatives", "judgement"), "Why")
STATE: dict[str, Any] = {"content": {}, "content_hash": "0" * 64, "level": 1, "capacity": Capacity.CSO}


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What is asked for does not depend on the database."""
    name: str = request.param
    return name


async def grow(owner: Person, project: UUID, hazard: UUID, number: int) -> None:
    """One more of everything that a project, one hazard of it and its owner can have."""
    [other] = await hazard_additions.create(COMMAND_LINE, project, [WHOLE])
    await HazardLink.objects.create(hazard=hazard, other=other, kind=HazardLinkKind.RELATED)
    for model in (Cause, PotentialHarm):
        await model.objects.create(hazard=hazard, position=number + 10, description=f"Number {number}")
    await HazardType.objects.create(hazard=hazard, name=f"Type {number}")
    made = await control(project, hazard, number + 10)
    await AlarpRecord.objects.create(hazard=hazard, recorded_by=owner.id, option="O", impracticality="I", judgement="J")
    await prove(owner.id, project, hazard, made.id)
    await talk(owner.id, project, hazard, number)
    await hazard_edits.assess(COMMAND_LINE, project, hazard, Stage.RESIDUAL, RATING)


async def prove(owner: UUID, project: UUID, hazard: UUID, control_id: UUID) -> None:
    about = {"project": project, "kind": EvidenceKind.LINK, "title": "Report", "url": "https://example.org"}
    shown = await Evidence.objects.create(**about, created_by=owner)
    for target in ({"hazard": hazard}, {"control": control_id}):
        await EvidenceLink.objects.create(evidence=shown, purpose=EvidencePurpose.IMPLEMENTATION, **target)
    assessment = await RiskAssessment.objects.filter(hazard=hazard).first()
    fields = {"hazard": hazard, "assessment": assessment.id, "accepted_by": owner, **WORDS, **STATE}
    await RiskAcceptance.objects.create(**fields, withdrawn_date=utc_now())


async def talk(owner: UUID, project: UUID, hazard: UUID, number: int) -> None:
    names = {"first_name": "Member", "last_name": str(number), "password_hash": "none"}
    user = await User.objects.create(email_address=f"member{number}@example.org", **names)
    await ProjectMember.objects.create(project=project, user=user, role=Role.VIEWER)
    comment = await Comment.objects.create(hazard=hazard, written_by=user, body="Why?")
    await Notice.objects.create(user=owner, project=project, hazard=hazard, comment=comment, kind=NoticeKind.COMMENT)


async def statements(owner: Person, parts: dict[str, str]) -> dict[str, int]:
    """How many each page takes, once what a process remembers of the log as it is now is there."""
    found = {}
    for operation in pages():
        if not operation.url.startswith(PLACES):
            continue
        place = operation.url.format(**parts) + QUERY.get(operation.url, "")
        await owner.client.get(place, headers=PAGE)
        with counted() as sent:
            answer = await owner.client.get(place, headers=PAGE)
        assert answer.status_code == 200, place
        found[operation.url] = len(sent)
    return found


async def test_every_page_asks_as_often_for_thirty_as_for_one(owner: Person, project: str) -> None:
    key = key_of(project)
    [hazard] = await hazard_additions.create(COMMAND_LINE, key, [WHOLE])
    for number in range(FEW):
        await grow(owner, key, hazard, number)
    report = {"recognised_layout": "x", "imported": 1, "skipped": 0, "disagreements": [], "problems": [], "notes": []}
    row = {"file_name": "log.csv", "sha256": "0" * 64, "layout": "official", "imported": 1, "skipped": 0}
    read = await Import.objects.create(project=key, created_by=owner.id, report=report, **row)
    ids = {"project_id": key, "hazard_id": hazard, "import_id": read.id}
    for name, model in (("evidence_id", Evidence), ("control_id", Control), ("member_id", ProjectMember)):
        ids[name] = (await model.objects.filter(project=key).first()).id
    for name, of_hazard in (("cause_id", Cause), ("harm_id", PotentialHarm)):
        ids[name] = (await of_hazard.objects.filter(hazard=hazard).first()).id
    parts = {name: str(value) for name, value in ids.items()}
    few = await statements(owner, parts)
    for number in range(FEW, MANY):
        await grow(owner, key, hazard, number)
    assert await statements(owner, parts) == few
    assert len(few) > 30
