"""What closing, transferring and reopening a hazard have in common: a reason, never twice, and one entry."""

from tests.clients import Person
from tests.endpoints.projects.traces import audited, broken_trail, key_of, last_audited, refused, stored

STATUSES = {"close": "closed", "transfer": "transferred", "reopen": "open"}
ON_THE_PAGE_ALONE = {"unread_comments"}
"""What is new to who looks."""
WHY = "All actions are done.\nSee report 7."


async def change(person: Person, hazard: str, verb: str, why: str = WHY) -> int:
    """The status of the answer; after a success the hazard shows what was done."""
    answer = await person.client.post(f"{hazard}{verb}/", json={"justification": why})
    if answer.status_code == 200:
        shown = (await person.client.get(hazard)).json()
        assert (shown["status"], shown["status_justification"]) == (STATUSES[verb], why)
        assert {name for name, value in answer.json().items() if shown[name] != value} <= ON_THE_PAGE_ALONE
    return answer.status_code


async def refuses_without_a_reason(person: Person, hazard: str, verb: str) -> None:
    before = await stored()
    for body in (
        {},
        {"justification": ""},
        {"justification": " \n "},
        {"justification": None},
        {"justification": "\0"},
    ):
        assert refused(await person.client.post(f"{hazard}{verb}/", json=body)) == ["justification"]
    assert refused(await person.client.post(f"{hazard}{verb}/", json={"justification": WHY, "level": 1})) == ["level"]
    assert await stored() == before


async def refuses_twice(person: Person, hazard: str, verb: str) -> None:
    """The hazard has the status already."""
    before = await stored()
    refused(await person.client.post(f"{hazard}{verb}/", json={"justification": "Again"}), 409)
    assert await stored() == before


async def leaves_one_entry(person: Person, hazard: str, verb: str, earlier: str) -> None:
    mark = await last_audited()
    assert await change(person, hazard, verb) == 200
    [entry] = await audited(mark)
    assert (entry["action"], entry["entity_id"]) == (f"hazard:{verb}", key_of(hazard))
    assert (entry["before"], entry["after"]) == ({"status": earlier}, {"status": STATUSES[verb]})
    assert (entry["reason"], entry["user_id"]) == (WHY, person.id)


async def stores_nothing_without_its_entry(person: Person, hazard: str, verb: str) -> None:
    before = await stored()
    async with broken_trail():
        refused(await person.client.post(f"{hazard}{verb}/", json={"justification": WHY}), 500)
    assert await stored() == before


async def is_nowhere_in(person: Person, project: str, hazard: str, verb: str) -> None:
    """The hazard belongs to another project."""
    url = f"{project}hazards/{key_of(hazard)}/{verb}/"
    refused(await person.client.post(url, json={"justification": WHY}), 404)
    refused(await person.client.get(url), 404)


async def asks_why(person: Person, hazard: str, verb: str) -> None:
    shown = (await person.client.get(f"{hazard}{verb}/")).json()
    assert (shown["reference"], shown["url"]) == ("HAZ-001", hazard)
    assert shown["project"]["name"]
