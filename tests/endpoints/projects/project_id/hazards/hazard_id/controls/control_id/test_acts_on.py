"""What a control of a hazard acts on is said anew."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.controlling import ALARM, control_of
from tests.endpoints.projects.traces import key_of, refused


async def test_what_it_acts_on_is_said_anew(owner: Person, project: str, hazard: str) -> None:
    [cause] = (await owner.client.get(hazard)).json()["cause_records"]
    await owner.client.post(f"{hazard}controls/create/", json=ALARM)
    key = (await owner.client.get(hazard)).json()["controls"][-1]["id"]
    url = f"{hazard}controls/{key}/acts_on/"
    # The empty value is what a form sends beside its boxes.
    for given, acts_on in ((["", cause["id"]], {key: [cause["id"]]}), ([""], {})):
        answer = await owner.client.post(url, data={"acts_on": given}, headers=PAGE)
        assert answer.status_code == 303
        assert (await owner.client.get(hazard)).json()["acts_on"] == acts_on
    assert refused(await owner.client.post(url, json={"acts_on": [key]})) == ["acts_on.0"]
    elsewhere = key_of(await control_of(owner, project))
    refused(await owner.client.post(f"{hazard}controls/{elsewhere}/acts_on/", json={"acts_on": []}), 404)
