"""What is sent to record, to argue and to accept a risk."""

from typing import Any

from tests.clients import Person

ALARP = {"option": "A second <nurse>", "impracticality": "None is there\nat night", "judgement": "Not in proportion"}
ACCEPTANCE = {"rationale": "The <benefit>\noutweighs it", "alternatives": "Paper", "judgement": "Tolerable"}


async def add(person: Person, project: str, severity: str, likelihood: str, **more: Any) -> str:
    """The URL of a new hazard with that initial risk."""
    body = {"name": "Late result", "severity": severity, "likelihood": likelihood, **more}
    answer = await person.client.post(f"{project}hazards/create/", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])


async def edit(person: Person, hazard: str, **fields: Any) -> None:
    version = (await person.client.get(hazard)).json()["version"]
    answer = await person.client.post(f"{hazard}edit/", json={"version": version, **fields})
    assert answer.status_code == 200, answer.text


async def leave_to_deployer(person: Person, hazard: str) -> str:
    """Something that who deploys has to do about a hazard; the URL of the control."""
    body = {"description": "Wards are trained", "responsible": "deployer", "brings_hazards": False}
    body |= {"brings_hazards_reason": "It only tells"}
    answer = await person.client.post(f"{hazard}controls/create/", json=body)
    assert answer.status_code == 201, answer.text
    project = hazard.partition("hazards/")[0]
    return f"{project}controls/{answer.json()['controls'][-1]['id']}/"
