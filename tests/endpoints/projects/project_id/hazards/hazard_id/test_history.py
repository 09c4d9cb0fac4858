"""The history of a hazard: every version with who, when, what and why, the newest first."""

import re
from datetime import datetime

from models.enumerations import Role
from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.evidence.sending import added
from tests.endpoints.projects.traces import key_of, refused
from tests.models.accepting import set_user


async def test_every_version_is_told(owner: Person, join: Join, project: str, hazard: str) -> None:
    cso = await join(Role.CSO)
    await cso.client.post(f"{hazard}edit/", json={"version": 1, "effect": "Wrong care", "causes": []})
    rating = {"stage": "initial", "severity": "minor", "likelihood": "low"}
    await owner.client.post(f"{hazard}assess/", json=rating)
    await cso.client.post(f"{hazard}close/", json={"justification": "Done"})
    history = (await owner.client.get(f"{hazard}history/")).json()
    assert (history["reference"], history["url"], history["project"]["url"]) == ("HAZ-001", hazard, project)
    versions = history["versions"]
    assert [(one["version"], one["action"], one["who"]) for one in versions] == [
        (4, "hazard:close", "Cso Example"),
        (3, "hazard:assess", "Owner Example"),
        (2, "hazard:edit", "Cso Example"),
        (1, "hazard:create", "Owner Example"),
    ]
    assert versions[0]["reason"] == "Done"
    assert (versions[0]["before"], versions[0]["after"]) == ({"status": "open"}, {"status": "closed"})
    assert (versions[1]["before"]["initial"]["level"], versions[1]["after"]["initial"]["level"]) == (3, 1)
    [cause] = versions[2]["before"].pop("causes")
    assert (cause["description"], cause["status"]) == ("Two patients of one name", "open")
    assert versions[2]["before"] == {"effect": ""}
    assert versions[3]["after"]["causes"] == [cause]
    assert versions[2]["after"] == {"effect": "Wrong care", "causes": []}
    assert versions[3]["after"]["initial"]["level"] == 3


async def test_times_are_aware_and_in_order(owner: Person, hazard: str) -> None:
    for version in (1, 2):
        await owner.client.post(f"{hazard}edit/", json={"version": version, "effect": f"Effect {version}"})
    versions = (await owner.client.get(f"{hazard}history/")).json()["versions"]
    times = [datetime.fromisoformat(one["at"]) for one in versions]
    assert times == sorted(times, reverse=True)
    assert all(time.tzinfo for time in times)


async def test_what_was_refused_is_no_version(owner: Person, hazard: str) -> None:
    refused(await owner.client.post(f"{hazard}edit/", json={"version": 9, "effect": "Stale"}), 409)
    refused(await owner.client.post(f"{hazard}reopen/", json={"justification": "Open already"}), 409)
    assert len((await owner.client.get(f"{hazard}history/")).json()["versions"]) == 1


async def test_the_history_of_a_hazard_is_in_its_own_project(owner: Person, hazard: str, public_project: str) -> None:
    refused(await owner.client.get(f"{public_project}hazards/{key_of(hazard)}/history/"), 404)


async def test_a_long_history_takes_no_more_statements(owner: Person, hazard: str) -> None:
    counts = []
    for version in range(1, 5):
        await owner.client.post(f"{hazard}edit/", json={"version": version, "effect": f"Effect {version}"})
        with counted() as statements:
            await owner.client.get(f"{hazard}history/")
        counts.append(len(statements))
    assert len(set(counts)) == 1


async def test_it_comes_a_page_at_a_time(owner: Person, hazard: str) -> None:
    for version in (1, 2, 3):
        await owner.client.post(f"{hazard}edit/", json={"version": version, "effect": f"Effect {version}"})
    first = (await owner.client.get(f"{hazard}history/?limit=3")).json()
    assert [one["version"] for one in first["versions"]] == [4, 3, 2]
    last = (await owner.client.get(first["older"])).json()
    assert ([one["version"] for one in last["versions"]], last["older"]) == ([1], None)


async def test_each_decision_is_told_in_words(owner: Person, project: str, hazard: str) -> None:
    """Evidence, links, types, ALARP and acceptance, and who owns it: no key and no code among them."""
    await set_user(owner.id, is_cso=True)
    await owner.client.post(f"{project}hazards/create/", json={"name": "Late result"})
    acts = {
        "edit": {"version": 1, "owner_id": str(owner.id), "types": ["Wrong drug"], "review_date": "2027-03-31"},
        "alarp/create": {"option": "A second device", "impracticality": "Cost", "judgement": "Not in proportion"},
        "accept": {"rationale": "Benefit", "alternatives": "None found", "judgement": "On my ward"},
        "links/create": {"other_id": "HAZ-002", "kind": "related"},
    }
    for act, body in acts.items():
        answer = await owner.client.post(f"{hazard}{act}/", json=body)
        assert answer.is_success, answer.text
    await added(owner, project, hazards=[str(key_of(hazard))])
    page = (await owner.client.get(f"{hazard}history/", headers=PAGE)).text
    told = (
        "Member who owns it", "Owner Example", "Wrong drug", "31 March 2027", "Further reduction considered",
        "A second device: Cost", "Risk accepted", "On my ward", "Related to HAZ-002", "Load test (support)",
    )  # fmt: skip
    assert [words for words in told if words not in page] == []
    assert re.findall(r">[^<]*[0-9a-f]{8}-[0-9a-f]{4}-[^<]*<", page) == []
    assert f'href="{project}controls/' in page
