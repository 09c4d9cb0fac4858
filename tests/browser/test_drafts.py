"""A session that ended elsewhere costs nobody their text: send, sign in again, and go on with what was typed."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_hazards import first_hazard
from tests.browser.test_sessions import make_project
from tests.browser.visits import Visits
from tests.clients import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


async def end_elsewhere(page: Page, other: Page) -> None:
    """The same person ends the session of this page from another device."""
    sessions = await (await page.request.get("/account/sessions/")).json()
    key = next(session["id"] for session in sessions["data"] if session["current"])
    assert (await other.request.post(f"/account/sessions/{key}/revoke/")).ok


async def sign_in_again(page: Page) -> None:
    await expect(page.get_by_text("What you typed is kept on this page")).to_be_visible()
    await page.get_by_label("Email address").fill("lee@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


@BOTH
async def test_a_comment_and_a_control_outlive_their_session(visits: Visits, javascript: bool) -> None:
    visits.expect(401)
    page, other = [await visits.sign_in_alone("lee", javascript=javascript) for _ in range(2)]
    project = await make_project(page)
    hazard = await first_hazard(page, project)
    await page.goto(hazard)
    await page.get_by_label("Your comment").fill("Half an hour of work,\nin two lines")
    if javascript:
        await expect(page.get_by_text("What you typed was kept at")).to_be_visible()
    await end_elsewhere(page, other)
    await page.get_by_role("button", name="Add comment").click()
    await sign_in_again(page)
    await expect(page.get_by_text("It is not saved yet.")).to_be_visible()
    await expect(page.get_by_label("Your comment")).to_have_value("Half an hour of work,\nin two lines")
    await page.get_by_role("button", name="Add comment").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("HAZ-001")
    await expect(page.get_by_text("Half an hour of work,")).to_be_visible()

    await page.goto(f"{project}controls/create/")
    await page.get_by_label("Control", exact=True).fill("Photograph beside each name")
    await page.get_by_label("Why", exact=True).fill("It only shows")
    await page.get_by_label("No", exact=True).check()
    await end_elsewhere(page, other)
    await page.get_by_role("button", name="Record control").click()
    await sign_in_again(page)
    await expect(page.get_by_label("Control", exact=True)).to_have_value("Photograph beside each name")
    await expect(page.get_by_label("No", exact=True)).to_be_checked()
    await page.get_by_role("button", name="Record control").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Photograph beside each name")
