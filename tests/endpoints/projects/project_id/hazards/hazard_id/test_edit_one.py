"""One text of a hazard is changed in its place, or on a small page; who is late is shown both texts."""

import pytest

from models.enumerations import Role
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import refused

FRAGMENT = {**PAGE, "HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.mark.parametrize("field", ["name", "owner", "description", "effect", "harm"])
async def test_a_form_has_the_text_and_its_version(owner: Person, hazard: str, field: str) -> None:
    await owner.client.post(f"{hazard}edit/", json={"version": 1, field: "As it <was>"})
    place = f"{hazard}edit_one/?field={field}"
    given = (await owner.client.get(place)).json()
    assert (given["value"], given["version"], given["field"]) == ("As it <was>", 2, field)
    part, page = [(await owner.client.get(place, headers=headers)).text for headers in (FRAGMENT, PAGE)]
    assert part.strip().startswith('<form class="app-edit-one"')
    assert ("As it &lt;was&gt;" in part, part.strip() in page) == (True, True)
    body = {"version": given["version"], field: "As it is"}
    done = await owner.client.post(f"{hazard}edit/", data=body, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, hazard)
    now = (await owner.client.get(hazard)).json()
    assert (now[field], now["version"]) == ("As it is", 3)
    assert now["causes"] == ["Two patients of one name"]


async def test_who_is_late_is_shown_both_texts(owner: Person, hazard: str) -> None:
    await owner.client.post(f"{hazard}edit/", json={"version": 1, "description": "Theirs"})
    late = await owner.client.post(f"{hazard}edit/", data={"version": 1, "description": "Mine"}, headers=PAGE)
    assert late.status_code == 409
    assert ("Theirs" in late.text, "Mine" in late.text) == (True, True)


async def test_only_what_may_be_changed_is_offered(owner: Person, join: Join, hazard: str) -> None:
    refused(await owner.client.get(f"{hazard}edit_one/?field=status"))
    reader = await join(Role.REVIEWER)
    refused(await reader.client.get(f"{hazard}edit_one/"), 403)
    assert "edit_one/" not in (await reader.client.get(hazard, headers=PAGE)).text
    page = (await owner.client.get(hazard, headers=PAGE)).text
    assert page.count('hx-target="#value-') == 5
    for name in ("bow-tie", "risk", "about", "checks"):
        assert (f'href="#{name}"' in page, f'id="{name}"' in page) == (True, True)
