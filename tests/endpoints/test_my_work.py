"""Your work lists what waits for each person in each role, and nothing of projects that are not theirs or archived."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models import AlarpRecord, Hazard, Project, ProjectMember, Reading
from models.audit.audit import COMMAND_LINE
from models.enumerations import ControlStage, ControlState, HazardStatus, Likelihood, Role, Severity, Stage, Standard
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.projects.my_work import SHOWN
from models.storage.columns import new_id, utc_now
from tests.authentication.statements import counted
from tests.clients import PAGE, Person, SignUp
from tests.endpoints.projects.project_id.hazards.test_filters import YESTERDAY, accept, control

LOW, HIGH = NewRating(Severity.MINOR, Likelihood.LOW), NewRating(Severity.MAJOR, Likelihood.MEDIUM)
UNDECIDED = NewControl("To come", ControlStage.ADDITIONAL)
LOG = [
    NewHazard("Owned, unrated"),
    NewHazard("Low", ratings={Stage.INITIAL: LOW}),
    NewHazard("High, no ALARP", ratings={Stage.INITIAL: HIGH}),
    NewHazard("High, ALARP", ratings={Stage.INITIAL: HIGH}),
    NewHazard("Low, control waits", ratings={Stage.INITIAL: LOW}, controls=[UNDECIDED]),
    NewHazard("Accepted, stale", ratings={Stage.INITIAL: LOW}),
    NewHazard("Late review", ratings={Stage.INITIAL: HIGH}, review_date=YESTERDAY),
    NewHazard("Closed", ratings={Stage.INITIAL: LOW}, status=HazardStatus.CLOSED, review_date=YESTERDAY),
]


@pytest.fixture
async def people(sign_up: SignUp) -> dict[str, Person]:
    return {
        "cso": await sign_up("cso", is_cso=True),
        "executive": await sign_up("executive"),
        "reviewer": await sign_up("reviewer"),
        "stranger": await sign_up("stranger", is_cso=True),
    }


async def filled(people: dict[str, Person], name: str, standard: Standard) -> UUID:
    by = people["cso"].id
    project = await Project.objects.create(name=name, standard=standard, matrix_version="nhs-2018", created_by=by)
    for who, role in (("cso", Role.CSO), ("executive", Role.CONTRIBUTOR), ("reviewer", Role.REVIEWER)):
        fields: dict[str, Any] = {"role": role, "is_executive": who == "executive"}
        await ProjectMember.objects.create(project=project, user=people[who].id, **fields)
    keys = await hazard_additions.create(COMMAND_LINE, project.id, LOG)
    await Hazard.objects.filter(id=keys[0]).update(owned_by=people["executive"].id)
    words = dict.fromkeys(("option", "impracticality", "judgement"), "")
    await AlarpRecord.objects.create(hazard=keys[3], recorded_by=by, **words)
    await accept(keys[5], by, stale_date=utc_now())
    late = {"state": ControlState.AGREED, "due_date": YESTERDAY, "owned_by": people["reviewer"].id}
    await control(project.id, keys[2], 1, **late)
    for key, passed in ((keys[1], 1), (keys[2], -3600)):
        read = utc_now() + timedelta(seconds=passed)
        await Reading.objects.create(user=people["reviewer"].id, hazard=key, read_date=read)
    return project.id


async def waiting(person: Person) -> dict[str, list[str]]:
    body: dict[str, Any] = (await person.client.get("/my_work/")).json()
    assert all(group["total"] == sum(one["count"] for one in group["projects"]) for group in body.values())
    return {
        name: sorted(f"{one['project']}: {one['name']}" for one in group["hazards"]) for name, group in body.items()
    }


NOTHING: dict[str, list[str]] = {name: [] for name in ("owned", "to_accept", "to_read", "stale", "overdue")}


async def test_each_person_sees_what_waits_for_them(people: dict[str, Person]) -> None:
    await filled(people, "A", Standard.DCB0129)
    await filled(people, "B", Standard.DCB0160)
    archived = await filled(people, "C", Standard.DCB0129)
    await Project.objects.filter(id=archived).update(archived_date=utc_now())
    both = ("A", "B")
    assert await waiting(people["cso"]) == {
        **NOTHING,
        "to_accept": ["A: High, ALARP", "A: Low"],
        "stale": [f"{name}: Accepted, stale" for name in both],
        "overdue": [f"{name}: {late}" for name in both for late in ("High, no ALARP", "Late review")],
    }
    assert await waiting(people["executive"]) == {
        **NOTHING,
        "owned": [f"{name}: Owned, unrated" for name in both],
        "to_accept": ["B: High, ALARP", "B: Low"],
    }
    unread = ["Accepted, stale", "High, ALARP", "High, no ALARP", "Late review", "Low, control waits", "Owned, unrated"]
    found = await waiting(people["reviewer"])
    assert len(found["to_read"]) == SHOWN
    assert set(found["to_read"]) < {f"{name}: {one}" for name in both for one in unread}
    assert found["overdue"] == [f"{name}: High, no ALARP" for name in both]
    assert await waiting(people["stranger"]) == NOTHING


async def test_the_page_links_to_each_hazard_and_to_its_list(people: dict[str, Person]) -> None:
    project = await filled(people, "A", Standard.DCB0129)
    page = (await people["cso"].client.get("/my_work/", headers=PAGE)).text
    assert "Overdue: 2" in page
    for query in ("?stale=true", "?overdue=true", "?status=open&amp;sort=-level"):
        assert f'href="/projects/{project}/hazards/{query}"' in page
    assert page.count("HAZ-004 High, ALARP") == 1
    assert "Nothing waits for you" in (await people["stranger"].client.get("/my_work/", headers=PAGE)).text


async def test_it_takes_as_many_statements_for_thirty_hazards_as_for_one(people: dict[str, Person]) -> None:
    counts: list[int] = []
    body: dict[str, Any] = {}
    project = await filled(people, "A", Standard.DCB0129)
    for number in (1, 30):
        late = [NewHazard(f"Late {new_id()}", review_date=YESTERDAY)] * number
        await hazard_additions.create(COMMAND_LINE, project, late)
        with counted() as statements:
            body = (await people["cso"].client.get("/my_work/")).json()
        counts.append(len(statements))
    assert body["overdue"]["total"] == 33
    assert len(body["overdue"]["hazards"]) == SHOWN
    assert counts[0] == counts[1]


async def test_who_is_not_signed_in_has_no_work(client: Any) -> None:
    assert (await client.get("/my_work/")).status_code == 401
