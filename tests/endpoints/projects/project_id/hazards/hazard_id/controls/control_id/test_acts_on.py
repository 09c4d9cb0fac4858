"""What a control of a hazard acts on is said anew; a second editor is told, and keeps what they ticked."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.both_texts import shown
from tests.endpoints.projects.project_id.controlling import ALARM, control_of
from tests.endpoints.projects.traces import key_of, refused, stored


async def test_what_it_acts_on_is_said_anew(owner: Person, project: str, hazard: str) -> None:
    [cause] = (await owner.client.get(hazard)).json()["cause_records"]
    await owner.client.post(f"{hazard}controls/create/", json=ALARM)
    key = (await owner.client.get(hazard)).json()["controls"][-1]["id"]
    url = f"{hazard}controls/{key}/acts_on/"
    # The empty value is what a form sends beside its boxes.
    for version, given, acts_on in (("2", ["", cause["id"]], {key: [cause["id"]]}), ("3", [""], {})):
        answer = await owner.client.post(url, data={"version": version, "acts_on": given}, headers=PAGE)
        assert answer.status_code == 303
        assert (await owner.client.get(hazard)).json()["acts_on"] == acts_on
    assert refused(await owner.client.post(url, json={"version": 4, "acts_on": [key]})) == ["acts_on.0"]
    assert refused(await owner.client.post(url, json={"acts_on": []})) == ["version"]
    elsewhere = key_of(await control_of(owner, project))
    body = {"version": 4, "acts_on": []}
    refused(await owner.client.post(f"{hazard}controls/{elsewhere}/acts_on/", json=body), 404)


async def test_the_second_of_two_is_shown_both_and_merges(owner: Person, hazard: str) -> None:
    names = ["A", "B", "C", "D"]
    await owner.client.post(f"{hazard}edit/", json={"version": 1, "causes": names})
    keys = {one["description"]: one["id"] for one in (await owner.client.get(hazard)).json()["cause_records"]}
    await owner.client.post(f"{hazard}controls/create/", json={**ALARM, "acts_on": [keys["A"], keys["D"]]})
    key = (await owner.client.get(hazard)).json()["controls"][-1]["id"]
    url = f"{hazard}controls/{key}/acts_on/"
    theirs = {"version": 3, "acts_on": [keys["B"], keys["D"]]}
    assert (await owner.client.post(url, json=theirs)).status_code == 204
    await owner.client.post(f"{hazard}edit/", json={"version": 4, "causes": names[:3]})
    before = await stored()
    program = await owner.client.post(url, json={"version": 3, "acts_on": []})
    assert refused(program, 409) == []
    assert (program.json()["code"], program.json()["current"]["version"]) == ("OUT_OF_DATE", 5)
    mine = {"version": "3", "acts_on": ["", keys["A"], keys["C"], keys["D"]]}
    late = await owner.client.post(url, data=mine, headers=PAGE)
    assert (late.status_code, "Somebody else changed this hazard while you did" in late.text) == (409, True)
    assert await stored() == before
    differing, sent = shown(late.text)
    assert (differing, sent["version"], sent["acts_on-take"]) == ({"acts_on"}, ["5"], ["box"])
    # D is no cause any more; A was taken away by them, C ticked by me.
    assert sent["acts_on"] == ["", keys["B"], keys["C"]]
    assert "Cause: A" in late.text
    assert (await owner.client.post(url, data=sent, headers=PAGE)).status_code == 303
    assert (await owner.client.get(hazard)).json()["acts_on"] == {key: [keys["B"], keys["C"]]}
