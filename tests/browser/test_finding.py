"""Looking for hazards: similar ones come as a name is typed, a filter is one tick, and your work is one click away."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.test_sessions import make_project
from tests.browser.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
async def test_similar_hazards_are_shown_before_another_is_written(visits: Visits, javascript: bool) -> None:
    page = await visits.open("morgan", javascript=javascript)
    project = await make_project(page)
    body = {"name": "Wrong patient record is selected", "existing_controls": ["Date of birth beside each name"]}
    assert (await page.request.post(f"{project}hazards/create/", data=body)).ok
    await page.goto(f"{project}hazards/create/")
    await page.get_by_label("Description").fill("Two charts\nare open")
    await page.get_by_label("Name").press_sequentially("Wrong patient selected")
    if not javascript:
        await page.get_by_role("button", name="Check for similar hazards").click()
    similar = page.get_by_role("region", name="Similar hazards")
    await expect(similar.get_by_role("link", name="Wrong patient record is selected")).to_be_visible()
    await expect(page.get_by_label("Name")).to_have_value("Wrong patient selected")
    await expect(page.get_by_label("Description")).to_have_value("Two charts\nare open")
    await similar.get_by_role("button", name="Copy HAZ-002").click()
    await expect(page.get_by_text("version 1, of Ward round")).to_be_visible()


async def test_a_tick_filters_the_log_and_stays_in_its_address(visits: Visits) -> None:
    page = await visits.open("morgan")
    project = await make_project(page)
    await page.goto(f"{project}hazards/")
    if not await page.get_by_label("Overdue", exact=True).is_visible():
        await page.locator(".app-filter summary").click()
    await page.get_by_label("Overdue", exact=True).check()
    await expect(page.get_by_text("No hazard matches all of these")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"[?&]overdue=true"))
    await page.reload()
    await expect(page.get_by_role("link", name="Remove the filter Overdue: yes")).to_be_visible()


async def test_your_work_is_a_click_away(visits: Visits) -> None:
    page = await visits.open("morgan")
    await page.goto("/projects/")
    await page.get_by_role("link", name="Your work").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
