"""The question what a control brings can be answered later, and anew; of two who answer the second is told."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.both_texts import shown
from tests.endpoints.projects.project_id.controlling import control_of
from tests.endpoints.projects.traces import refused, stored


async def test_the_answer_of_an_older_control_is_given_later(owner: Person, project: str) -> None:
    body = {"name": "Late", "existing_controls": ["Photograph"]}
    hazard = (await owner.client.post(f"{project}hazards/create/", json=body)).json()
    control = f"{project}controls/{hazard['controls'][0]['id']}/"
    assert (await owner.client.get(control)).json()["brings_hazards"] is None
    assert "Not answered yet" in (await owner.client.get(control, headers=PAGE)).text
    form = {"brings_hazards": "true", "brings_hazards_reason": "Old pictures", "raised_hazards": "HAZ-001\r\n1"}
    answer = await owner.client.post(f"{control}new_hazards/", data={**form, "version": "1"}, headers=PAGE)
    assert answer.status_code == 303
    seen = (await owner.client.get(f"{control}new_hazards/")).json()
    assert (seen["brings_hazards"], [one["reference"] for one in seen["raised_hazards"]]) == (True, ["HAZ-001"])
    refused(await owner.client.post(f"{control}new_hazards/", json={"version": 2, "brings_hazards": False}))
    whole = {"brings_hazards": False, "brings_hazards_reason": "It only shows"}
    assert refused(await owner.client.post(f"{control}new_hazards/", json=whole)) == ["version"]


async def test_the_second_of_two_is_shown_both_answers_and_merges(owner: Person, project: str) -> None:
    for name in ("One", "Two", "Three"):
        await owner.client.post(f"{project}hazards/create/", json={"name": name})
    control = await control_of(owner, project)
    url = f"{control}new_hazards/"
    first = {"brings_hazards": True, "brings_hazards_reason": "Noise\nat night", "raised_hazards": ["1", "2"]}
    assert (await owner.client.post(url, json={"version": 1, **first})).status_code == 200
    theirs = {**first, "brings_hazards_reason": "Noise\non the ward at night", "raised_hazards": ["2"]}
    assert (await owner.client.post(url, json={"version": 2, **theirs})).status_code == 200
    before = await stored()
    program = (await owner.client.post(url, json={"version": 2, **first})).json()
    assert (program["code"], program["current"]["version"]) == ("OUT_OF_DATE", 3)
    assert [one["reference"] for one in program["current"]["raised_hazards"]] == ["HAZ-002"]
    mine = {"version": "2", "brings_hazards": "true", "brings_hazards_reason": "Loud <b>noise\r\nat night"}
    mine |= {"raised_hazards": "HAZ-001\r\n2\r\nhaz-3"}
    late = await owner.client.post(url, data=mine, headers=PAGE)
    assert (late.status_code, "Somebody else changed this control while you did" in late.text) == (409, True)
    assert ("Changed by Owner Example" in late.text, "<b>" in late.text) == (True, False)
    assert await stored() == before
    differing, sent = shown(late.text)
    assert differing == {"brings_hazards_reason", "raised_hazards"}
    assert (sent["version"], sent["brings_hazards"]) == (["3"], ["true"])
    assert [one for one in sent["raised_hazards"] if one] == ["HAZ-002", "HAZ-003"]
    # A third came between: the second is asked again, with the merged text.
    await owner.client.post(url, json={"version": 3, "brings_hazards": False, "brings_hazards_reason": "It is quiet"})
    late = await owner.client.post(url, data=sent, headers=PAGE)
    differing, sent = shown(late.text)
    assert differing == {"brings_hazards", "brings_hazards_reason", "raised_hazards"}
    sent = {name: values for name, values in sent.items() if not name.endswith("-take")}
    sent |= {f"{name}-take": ["yours"] for name in differing}
    assert (await owner.client.post(url, data=sent, headers=PAGE)).status_code == 303
    after = (await owner.client.get(url)).json()
    assert (after["brings_hazards"], after["brings_hazards_reason"], after["version"]) == (
        True,
        "Loud <b>noise\non the ward at night",
        5,
    )
    assert [one["reference"] for one in after["raised_hazards"]] == ["HAZ-002", "HAZ-003"]
