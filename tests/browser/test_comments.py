"""Talking about a hazard and changing many at once, in two browsers, with scripts and without."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_hazards import first_hazard
from tests.browser.test_sessions import make_project
from tests.browser.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


async def invite(page: Page, project: str, name: str, role: str) -> None:
    body = {"email_address": f"{name}@example.org", "role": role}
    assert (await page.request.post(f"{project}members/create/", data=body)).ok


@BOTH
async def test_a_mention_reaches_the_other_and_is_answered(visits: Visits, javascript: bool) -> None:
    mine, theirs = [await visits.open(who, javascript=javascript) for who in ("morgan", "pat")]
    project = await make_project(mine)
    await invite(mine, project, "pat", "reviewer")
    hazard = await first_hazard(mine, project)
    await mine.goto(hazard)
    await mine.get_by_label("Your comment").fill("Is the residual risk right?\nI doubt it.")
    await mine.get_by_text("Tell these people").click()
    await mine.get_by_label("Pat Example").check()
    await mine.get_by_role("button", name="Add comment").click()
    await expect(mine.get_by_text("I doubt it.")).to_be_visible()

    await theirs.goto("/projects/")
    await theirs.get_by_role("link", name="Notices (").click()
    answer = theirs.get_by_role("row").filter(has_text="mentioned you").first.get_by_role("link")
    button = theirs.get_by_role("button", name="Mark as read")
    if javascript:
        async with theirs.expect_response(lambda answer: answer.url.endswith("/comments/read/")):
            await answer.click()
            await theirs.get_by_text("to Pat Example").scroll_into_view_if_needed()
            await button.scroll_into_view_if_needed()
        await theirs.goto(hazard)
    else:
        await answer.click()
        await button.click()
    await expect(theirs.get_by_text("to Pat Example")).to_be_visible()
    await expect(button).to_have_count(0)
    await theirs.get_by_label("Your comment").fill("So do I")
    await theirs.get_by_role("button", name="Add comment").click()
    await expect(theirs.get_by_text("So do I")).to_be_visible()
    await mine.goto(f"{project}hazards/")
    await expect(mine.get_by_role("link", name="1 new comments on HAZ-001")).to_be_visible()


@BOTH
async def test_many_hazards_are_changed_at_once(visits: Visits, javascript: bool) -> None:
    visits.expect(409)
    page = await visits.open("morgan", javascript=javascript)
    project = await make_project(page)
    for name in ("Wrong dose", "Wrong patient"):
        made = await page.request.post(f"{project}hazards/create/", data={"name": name})
        left = {"description": "Training", "responsible": "deployer", "brings_hazards": False}
        url = (await made.json())["url"]
        assert (await page.request.post(f"{url}controls/create/", data={**left, "brings_hazards_reason": "None"})).ok
    await page.goto(f"{project}hazards/")
    await page.get_by_label("HAZ-002").check()
    await page.get_by_label("HAZ-003").check()
    await page.get_by_label("Change chosen hazards").select_option("transfer")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("2 hazards Transfer")
    await page.get_by_label("Justification").fill("Agreed with the trust")
    await page.get_by_role("button", name="Transfer: 2 hazards").click()
    await expect(page.get_by_role("row").filter(has_text="Transferred")).to_have_count(2)

    await page.get_by_label("All 3 on this page").check()
    await page.get_by_label("Change chosen hazards").select_option("transfer")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Justification").fill("Once more")
    await page.get_by_role("button", name="Transfer: 3 hazards").click()
    summary = page.locator(".nhsuk-error-summary")
    await expect(summary).to_contain_text("HAZ-002: is transferred already")
    await expect(summary).to_contain_text("HAZ-003: is transferred already")
    await expect(page.get_by_label("Justification")).to_have_value("Once more")


async def test_an_open_page_of_notices_is_live(visits: Visits) -> None:
    mine, theirs = [await visits.open(who) for who in ("morgan", "lee")]
    project = await make_project(mine, "Live round")
    await invite(mine, project, "lee", "viewer")
    hazard = await first_hazard(mine, project)
    listed = await (await mine.request.get(f"{project}members/")).json()
    lee = next(one["user_id"] for one in listed["data"] if one["first_name"] == "Lee")
    await theirs.goto("/notices/")
    row = theirs.get_by_role("row").filter(has_text="Live round")
    await expect(row).to_have_count(0)
    said = {"body": "Look at this", "mentions": [lee]}
    assert (await mine.request.post(f"{hazard}comments/create/", data=said)).ok
    await expect(row).to_have_count(1)
    await row.get_by_role("button", name="Mark as read").click()
    await expect(row.get_by_text("Read", exact=True)).to_be_visible()
