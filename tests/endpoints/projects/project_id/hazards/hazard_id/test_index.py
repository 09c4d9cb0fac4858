"""One hazard in full, for who may see its project."""

from models.hazards.hazard_types import PUBLISHED
from tests.authentication.statements import counted
from tests.clients import Person
from tests.endpoints.projects.traces import key_of, refused


async def test_a_hazard_is_shown_with_its_project(owner: Person, project: str, hazard: str) -> None:
    shown = (await owner.client.get(hazard)).json()
    assert (shown["name"], shown["reference"], shown["url"]) == ("Wrong patient selected", "HAZ-001", hazard)
    assert shown["project"]["url"] == project


async def test_a_hazard_is_found_in_its_own_project_only(owner: Person, public_project: str, hazard: str) -> None:
    refused(await owner.client.get(f"{public_project}hazards/{key_of(hazard)}/"), 404)
    refused(await owner.client.get(f"{public_project}hazards/00000000-0000-7000-8000-000000000000/"), 404)


async def test_a_hazard_takes_as_many_statements_however_much_belongs_to_it(
    owner: Person, project: str, hazard: str
) -> None:
    many = {name: [f"{name} {number}" for number in range(20)] for name in ("causes", "harms", "existing_controls")}
    many["types"] = list(PUBLISHED)
    long = (await owner.client.post(f"{project}hazards/create/", json={"name": "Much", **many})).json()["url"]
    counts = []
    for shown in (hazard, long):
        with counted() as statements:
            await owner.client.get(shown)
        counts.append(len(statements))
    assert counts[0] == counts[1] < 40
