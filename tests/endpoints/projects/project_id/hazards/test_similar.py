"""Who writes a hazard is shown those that say the same, of the own log and of public ones, and nothing private."""

from models.audit.audit import Actor
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewHazard
from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import key_of

LOG = [
    NewHazard(name="Wrong patient record is selected", causes=["Two patients of one name"]),
    NewHazard(name="A dose is shown in the wrong unit"),
    NewHazard(name="The allergy list is not shown", description="After an upgrade"),
    *(NewHazard(name=f"Something else goes wrong in part {number}") for number in range(20)),
]


async def similar(person: Person, project: str, text: str) -> list[str]:
    answer = await person.client.get(f"{project}hazards/similar/", params={"text": text})
    assert answer.status_code == 200, answer.text
    return [f"{one['project']}: {one['name']}" for one in answer.json()["similar"]]


async def test_near_duplicates_are_found(owner: Person, project: str) -> None:
    await hazard_additions.create(Actor(owner.id), key_of(project), LOG)
    expected = {
        "wrong patient selected": [f"Ward round: {LOG[0].name}"],
        "Dose shown in wrong units": [f"Ward round: {LOG[1].name}"],
        "Allergies: the allergy list not shown": [f"Ward round: {LOG[2].name}"],
        "Battery runs out": [],
        "the of and": [],
        "": [],
        "\N{PILL}": [],
    }
    assert {text: await similar(owner, project, text) for text in expected} == expected
    assert len(await similar(owner, project, LOG[5].name)) == 5


async def test_public_projects_are_looked_at_and_private_ones_of_others_are_not(
    owner: Person, stranger: Person, project: str, public_project: str
) -> None:
    for one in (project, public_project):
        await hazard_additions.create(Actor(owner.id), key_of(one), LOG[:1])
    mine = (await stranger.client.post("/projects/create/", json={"name": "Mine"})).json()["url"]
    assert await similar(stranger, mine, LOG[0].name) == [f"Public round: {LOG[0].name}"]
    both = [f"{name}: {LOG[0].name}" for name in ("Ward round", "Public round")]
    assert await similar(owner, project, LOG[0].name) == both


async def test_it_takes_as_many_statements_for_many_hazards_as_for_one(owner: Person, project: str) -> None:
    counts = []
    for number in (1, 30):
        await hazard_additions.create(Actor(owner.id), key_of(project), LOG[:1] * number)
        with counted() as statements:
            assert await similar(owner, project, LOG[0].name)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_the_form_of_a_new_hazard_shows_them_and_keeps_what_was_typed(owner: Person, project: str) -> None:
    await hazard_additions.create(Actor(owner.id), key_of(project), LOG)
    typed = {"name": "Wrong patient selected", "description": "Two\nlines", "severity": "major"}
    page = (await owner.client.get(f"{project}hazards/create/", params=typed, headers=PAGE)).text
    assert "1 hazard is similar" in page
    assert 'value="Wrong patient selected"' in page
    assert "Two\nlines</textarea>" in page
    assert '<option value="major" selected' in page
    refused = await owner.client.post(f"{project}hazards/create/", data=typed, headers=PAGE)
    assert refused.status_code == 422
    assert "1 hazard is similar" in refused.text
    plain = (await owner.client.get(f"{project}hazards/create/", headers=PAGE)).text
    assert "similar." not in plain.replace("similar hazards", "")
    assert "No similar hazard" not in plain


async def test_htmx_is_given_the_list_alone(owner: Person, project: str) -> None:
    headers = {**PAGE, "HX-Request": "true", "HX-Request-Type": "partial"}
    answer = await owner.client.get(f"{project}hazards/similar/", params={"name": "Anything"}, headers=headers)
    assert answer.text.strip().startswith('<section id="similar"')
    assert "No similar hazard was found" in answer.text
