"""Two people at one question: the second sees both, ticks what is to be stored, and loses nothing."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_accessibility import SIZES, faults, overflow
from tests.browser.test_hazards import first_hazard
from tests.browser.test_sessions import make_project
from tests.browser.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CAUSES = ["A queue grows", "A clock is wrong", "A cable is loose"]


async def sent(page: Page, path: str, body: dict[str, Any]) -> None:
    assert (await page.request.post(path, data=body)).ok


@SIZES
async def test_ticks_and_answers_of_two_are_merged(visits: Visits, width: int) -> None:
    visits.expect(409)
    page = await visits.open("morgan", width=width)
    hazard = await first_hazard(page, await make_project(page))
    await sent(page, f"{hazard}edit/", {"version": 1, "causes": CAUSES, "additional_controls": ["Alarm"]})
    found = await (await page.request.get(hazard)).json()
    control, causes = found["controls"][-1], [one["id"] for one in found["cause_records"]]
    aims = f"{hazard}controls/{control['id']}/acts_on/"
    await page.goto(aims)
    await sent(page, aims, {"version": 2, "acts_on": causes[1:2]})
    await page.get_by_label(CAUSES[0]).check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert").filter(has_text="Somebody else changed this hazard")).to_be_visible()
    both = page.get_by_role("region", name="What it acts on")
    for place, ticked in enumerate((True, True, False)):
        await expect(both.get_by_label(CAUSES[place])).to_be_checked(checked=ticked)
    assert (await overflow(page), await faults(page)) == (0, [])
    await both.get_by_label(CAUSES[2]).check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Late result")
    stored = (await (await page.request.get(hazard)).json())["acts_on"]
    assert set(stored[control["id"]]) == set(causes)

    answer = f"{hazard.partition('hazards/')[0]}controls/{control['id']}/new_hazards/"
    await page.goto(answer)
    await sent(page, answer, {"version": 1, "brings_hazards": True, "brings_hazards_reason": "Noise at night"})
    await page.get_by_label("No", exact=True).check()
    await page.get_by_label("Why").fill("It only flashes")
    await page.get_by_role("button", name="Save answer").click()
    await expect(page.get_by_role("alert").filter(has_text="Somebody else changed this control")).to_be_visible()
    assert (await overflow(page), await faults(page)) == (0, [])
    await page.get_by_label("Why to be stored").fill("It flashes and hums")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("It flashes and hums")).to_be_visible()
