"""The filters that lead to work: owned, stale, without evidence, overdue, unassessed; each both ways."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models import Control, Evidence, EvidenceLink, Hazard, HazardControl, RiskAcceptance, RiskAssessment
from models.audit.audit import Actor
from models.enumerations import (
    Capacity,
    ControlStage,
    ControlState,
    EvidenceKind,
    EvidencePurpose,
    HazardStatus,
    Likelihood,
    Severity,
    Stage,
)
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewHazard, NewRating
from models.storage.columns import utc_now
from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.hazards.test_index import found
from tests.endpoints.projects.traces import key_of, refused

YESTERDAY = utc_now().date() - timedelta(days=1)
TODAY = utc_now().date() + timedelta(days=1)
"""A test may run across midnight."""
MILD = NewRating(Severity.MINOR, Likelihood.LOW)


async def control(project: UUID, hazard: UUID, position: int, **fields: Any) -> Control:
    given = {"description": "A control", "stage": ControlStage.ADDITIONAL, "state": ControlState.VERIFIED, **fields}
    made = await Control.objects.create(project=project, **given)
    await HazardControl.objects.create(hazard=hazard, control=made, position=position)
    return made


async def accept(hazard: UUID, who: UUID, **fields: Any) -> None:
    assessment = await RiskAssessment.objects.get(hazard=hazard)
    words = dict.fromkeys(("rationale", "alternatives", "judgement"), "")
    state = {"content": {}, "content_hash": "0" * 64, "level": 1, "capacity": Capacity.CSO}
    await RiskAcceptance.objects.create(
        hazard=hazard, assessment=assessment.id, accepted_by=who, **words, **state, **fields
    )


@pytest.fixture
async def log(owner: Person, stranger: Person, project: str) -> str:
    """1 is owned and to be reviewed, 2 stale, 3 closed, 4 shown, 5 not shown, 6 has a late control, 7 is another's."""
    key = key_of(project)
    rated = {Stage.INITIAL: MILD}
    hazards = [NewHazard(name=f"Hazard {n}", ratings={} if n == 4 else rated) for n in range(1, 8)]
    hazards[2] = NewHazard(name="Closed", ratings=rated, review_date=YESTERDAY, status=HazardStatus.CLOSED)
    one, two, _, four, five, six, seven = await hazard_additions.create(Actor(owner.id), key, hazards)
    await Hazard.objects.filter(id=one).update(owned_by=owner.id, review_date=YESTERDAY)
    await Hazard.objects.filter(id=seven).update(owned_by=stranger.id, review_date=TODAY)
    await accept(two, owner.id, withdrawn_date=utc_now())
    await accept(two, owner.id, stale_date=utc_now())
    await accept(five, owner.id)
    proven = await control(key, four, 1)
    about = {"project": key, "kind": EvidenceKind.LINK, "title": "Report", "url": "https://example.org"}
    shown = await Evidence.objects.create(**about, created_by=owner.id)
    await EvidenceLink.objects.create(evidence=shown, purpose=EvidencePurpose.IMPLEMENTATION, control=proven)
    await control(key, four, 2, evidence="Tested", state=ControlState.IMPLEMENTED)
    await control(key, five, 1)
    await control(key, six, 1, state=ControlState.AGREED, due_date=YESTERDAY)
    await control(key, seven, 1, state=ControlState.PROPOSED, due_date=TODAY)
    await control(key, seven, 2, stage=ControlStage.EXISTING, state=ControlState.IMPLEMENTED, due_date=YESTERDAY)
    return f"{project}hazards/"


async def test_each_filter_both_ways(owner: Person, stranger: Person, log: str) -> None:
    expected: dict[str, list[int]] = {"stale": [2], "evidence_missing": [5], "overdue": [1, 6], "unassessed": [4]}
    expected |= {"review_overdue": [1]}
    for name, numbers in expected.items():
        others = [number for number in range(1, 8) if number not in numbers]
        assert await found(owner, log, **{name: "true"}) == numbers
        assert await found(owner, log, **{name: "false"}) == others
    assert await found(owner, log, owner_id="me") == [1]
    assert await found(owner, log, owner_id="nobody") == [2, 3, 4, 5, 6]
    assert await found(owner, log, owner_id=str(stranger.id)) == [7]
    assert await found(owner, log, owner_id=str(UUID(int=1))) == []
    assert await found(owner, log, owner_id="me", overdue="true", search="hazard") == [1]
    assert refused(await owner.client.get(log, params={"owner_id": "you"})) == ["owner_id"]


async def test_the_page_offers_them_and_says_which_are_in_use(owner: Person, stranger: Person, log: str) -> None:
    query = f"?owner_id={stranger.id}&stale=true&overdue=false"
    page = (await owner.client.get(log + query, headers=PAGE)).text
    for chip in ("Owned by: A member", "Owned by: Stranger Example", "Acceptance: stale", "Overdue: no"):
        assert (chip in page) == (chip != "Owned by: A member")
    assert 'name="stale" type="checkbox" value="true" checked' in page
    assert "No hazard matches all of these" in page
    body = (await owner.client.get(log)).json()
    assert [member["name"] for member in body["members"]] == ["Owner Example", "Stranger Example"]


async def test_who_is_not_signed_in_owns_nothing(owner: Person, client: Any, public_project: str) -> None:
    await hazard_additions.create(Actor(owner.id), key_of(public_project), [NewHazard(name="Seen")])
    answer = await client.get(f"{public_project}hazards/", params={"owner_id": "me"})
    assert (answer.status_code, answer.json()["data"]) == (200, [])
