"""The controls of a project as a list, with what it is asked for."""

from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.controlling import ALARM
from tests.endpoints.projects.traces import refused


async def test_controls_are_listed_with_what_rests_on_them(owner: Person, project: str, hazard: str) -> None:
    for number in range(3):
        body = {**ALARM, "description": f"Alarm {number} <b>"}
        await owner.client.post(f"{hazard if number else project}controls/create/", json=body)
    url = f"{project}controls/"
    found = (await owner.client.get(url, params={"sort": "-hazards", "limit": 2, "search": "alarm"})).json()
    assert ([one["hazard_count"] for one in found["data"]], found["pagination"]["total"]) == ([1, 1], 3)
    for query in ("state=proposed", "missing_evidence=true", "unanswered=false"):
        assert (await owner.client.get(f"{url}?{query}")).json()["pagination"]["total"] >= 3
    for query in ("sort=secret", "state=odd", "limit=0", "missing_evidence=perhaps"):
        refused(await owner.client.get(f"{url}?{query}"))
    page = await owner.client.get(f"{url}?search=nothing+of+it", headers=PAGE)
    assert "No control matches" in page.text


async def test_a_longer_list_takes_no_more_statements(owner: Person, project: str) -> None:
    counts = []
    for number in range(3):
        await owner.client.post(f"{project}controls/create/", json={**ALARM, "description": f"Alarm {number}"})
        with counted() as statements:
            await owner.client.get(f"{project}controls/", headers=PAGE)
        counts.append(len(statements))
    assert len(set(counts)) == 1
