"""The types of hazard that a project offers, with how many hazards bear each."""

from tests.clients import Person


async def test_types_say_where_they_come_from(owner: Person, project: str) -> None:
    await owner.client.post(f"{project}types/create/", json={"name": "Stale data"})
    await owner.client.post(f"{project}hazards/create/", json={"name": "Old", "types": ["staleData", "Allergy"]})
    types = {one["name"]: one for one in (await owner.client.get(f"{project}types/")).json()["data"]}
    assert types["Stale data"] == {"name": "Stale data", "published": False, "hazards": 1}
    assert (types["Allergy"]["published"], types["Data breach"]["hazards"]) == (True, 0)
