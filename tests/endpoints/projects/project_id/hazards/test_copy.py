"""A copied hazard says where it comes from, brings no judgement with it, and nothing that its reader may not see."""

from datetime import date

import httpx

from models.audit.audit import Actor
from models.enumerations import ControlKind, ControlStage, HazardStatus, Likelihood, Severity, Stage
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.storage.columns import new_id, utc_now
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import key_of, refused

WHOLE = NewHazard(
    name="Wrong patient",
    description="Circumstance",
    effect="Effect",
    harm="Harm",
    owner="Pharmacy",
    status=HazardStatus.CLOSED,
    status_justification="Done",
    recorded_number="N-1",
    identified_date=date(2020, 1, 1),
    causes=["One", "Two"],
    harms=["Pain"],
    types=["Identity"],
    controls=[
        NewControl("In place", ControlStage.EXISTING, ControlKind.DESIGN, "Report"),
        NewControl("To come", ControlStage.ADDITIONAL),
    ],
    ratings={Stage.INITIAL: NewRating(Severity.MAJOR, Likelihood.LOW)},
)


async def test_a_copy_says_what_its_source_says_and_where_that_is(
    owner: Person, stranger: Person, public_project: str
) -> None:
    [source] = await hazard_additions.create(Actor(owner.id), key_of(public_project), [WHOLE])
    mine = (await stranger.client.post("/projects/create/", json={"name": "Mine"})).json()["url"]
    answer = await stranger.client.post(f"{mine}hazards/copy/", json={"hazard_id": str(source)})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == made["url"]
    assert {name: made[name] for name in ("name", "description", "effect", "harm", "causes", "types")} == {
        "name": "Wrong patient",
        "description": "Circumstance",
        "effect": "Effect",
        "harm": "Harm",
        "causes": ["One", "Two"],
        "types": ["Identity"],
    }
    assert [(one["description"], one["stage"], one["state"], one["evidence"]) for one in made["controls"]] == [
        ("In place", "additional", "proposed", ""),
        ("To come", "additional", "proposed", ""),
    ]
    extended = {"name": "Identity", "published": False, "hazards": 1}
    assert extended in (await stranger.client.get(f"{mine}types/")).json()["data"]
    nothing = ("initial", "residual", "recorded_number", "identified_date", "status_justification")
    assert [made[name] for name in nothing] == [None] * 5
    assert (made["status"], made["owner"], made["version"]) == ("open", "", 1)
    place = f"{public_project}hazards/{source}/"
    came = {"project": "Public round", "reference": "HAZ-001", "version": "1", "url": place}
    assert made["copied_from"] == {**came, "date": utc_now().date().isoformat()}
    page = (await stranger.client.get(made["url"], headers=PAGE)).text
    assert "version 1, of Public round" in page
    history = (await stranger.client.get(f"{made['url']}history/", headers=PAGE)).text
    assert "HAZ-001, version 1, of Public round" in history


async def test_a_copy_does_not_name_a_private_project(
    owner: Person, client: httpx.AsyncClient, project: str, hazard: str, public_project: str
) -> None:
    made = await owner.client.post(f"{public_project}hazards/copy/", json={"hazard_id": str(key_of(hazard))})
    assert made.status_code == 201
    name = (await owner.client.get(project)).json()["name"]
    own = await owner.client.post(f"{project}hazards/copy/", json={"hazard_id": str(key_of(hazard))})
    assert own.json()["copied_from"]["project"] == name
    for place in (made.json()["url"], f"{made.json()['url']}history/", f"{public_project}hazards/"):
        shown = (await client.get(place)).text
        assert "a private project" in shown
        assert name not in shown


async def test_nobody_copies_what_they_may_not_see(owner: Person, stranger: Person, project: str, hazard: str) -> None:
    mine = (await stranger.client.post("/projects/create/", json={"name": "Mine"})).json()["url"]
    for key in (key_of(hazard), new_id()):
        answer = await stranger.client.post(f"{mine}hazards/copy/", json={"hazard_id": str(key)})
        assert refused(answer, 404) == []
    assert (await stranger.client.get(f"{mine}hazards/")).json()["pagination"]["total"] == 0
    assert (await stranger.client.post(f"{project}hazards/copy/", json={"hazard_id": str(new_id())})).status_code == 404
    own = await owner.client.post(f"{project}hazards/copy/", json={"hazard_id": str(key_of(hazard))})
    assert own.json()["reference"] == "HAZ-002"
