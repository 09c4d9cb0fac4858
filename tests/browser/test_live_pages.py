"""Pages of sessions renew themselves, leave the focus where it is, and say so when their own session ends."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_accessibility import SIZES, faults, overflow
from tests.browser.test_sessions import sign_in
from tests.browser.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STAY = "window.stayed = true"
STAYED = "window.stayed === true"


async def end_others(page: Page, who: str) -> None:
    """End every session of the person but this page's own, by a program in the same session."""
    answer = await page.request.get("/account/sessions/?limit=100")
    for session in (await answer.json())["data"]:
        if not session["current"]:
            assert (await page.request.post(f"/account/sessions/{session['id']}/revoke/")).ok


async def test_a_list_renews_itself_when_a_session_begins_and_ends(visits: Visits) -> None:
    page, other = await visits.open(), await visits.open()
    await sign_in(page, "sasha")
    await end_others(page, "sasha")
    await page.goto("/account/sessions/")
    await page.evaluate(STAY)
    rows = page.get_by_role("table", name="Your sessions").get_by_role("row")
    told = page.locator("p[role=status]")
    await expect(rows).to_have_count(2)
    await expect(told).to_have_text("1 session")
    await sign_in(other, "sasha")
    await expect(rows).to_have_count(3)
    await expect(told).to_have_text("2 sessions")
    await other.get_by_role("button", name="Sign out").click()
    await expect(rows).to_have_count(2)
    assert await page.evaluate(STAYED), "the page was loaded anew"
    assert await page.evaluate("document.activeElement === document.body"), "the list took the focus"


async def test_focus_inside_the_list_stays_where_it_is(visits: Visits) -> None:
    page, kept, third = await visits.open(), await visits.open(), await visits.open()
    await sign_in(page, "sasha")
    await end_others(page, "sasha")
    await sign_in(kept, "sasha")
    await page.goto("/account/sessions/")
    button = page.get_by_role("button", name="Revoke")
    await expect(button).to_have_count(1)
    row = await button.evaluate("button => button.closest('tr').id")
    await button.focus()
    await sign_in(third, "sasha")
    await expect(button).to_have_count(2)
    focused = "document.activeElement.tagName + ' ' + document.activeElement.closest('tr')?.id"
    assert await page.evaluate(focused) == f"BUTTON {row}"
    await page.keyboard.press("Enter")
    await expect(page.locator(f"#{row}")).to_have_count(0)
    await expect(button).to_have_count(1)


async def test_focus_of_a_row_that_goes_away_goes_to_the_list(visits: Visits) -> None:
    page, other = await visits.open(), await visits.open()
    await sign_in(page, "sasha")
    await end_others(page, "sasha")
    await sign_in(other, "sasha")
    await page.goto("/account/sessions/")
    await page.get_by_role("button", name="Revoke").focus()
    await other.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("region", name="Your sessions")).to_be_focused()


async def test_an_operator_s_list_renews_itself_as_it_is_filtered(visits: Visits) -> None:
    page, other = await visits.open("robin"), await visits.open()
    await page.goto("/ops/sessions/?email_address=vic@example.org")
    await page.evaluate(STAY)
    rows = page.locator("tbody tr")
    before = await rows.count()
    await sign_in(other, "vic")
    await expect(rows).to_have_count(before + 1)
    await expect(page.get_by_role("link", name="Remove the filter")).to_have_count(1)
    assert await page.evaluate(STAYED)


@SIZES
async def test_a_page_whose_session_is_ended_says_so(visits: Visits, width: int) -> None:
    page, other = await visits.open(width=width), await visits.open()
    await sign_in(page, "sasha")
    await page.goto("/account/sessions/")
    await page.evaluate(STAY)
    # A list that is being renewed when the session ends is led to sign in by the answer.
    before = await page.locator("tbody tr").count()
    await sign_in(other, "sasha")
    await expect(page.locator("tbody tr")).to_have_count(before + 1)
    await end_others(other, "sasha")
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Your session has ended")
    await expect(heading).to_be_focused()
    await expect(page).to_have_title("Your session has ended - Turva")
    await expect(page.get_by_role("table")).to_have_count(0)
    assert await page.evaluate(STAYED)
    assert (await overflow(page), await faults(page)) == (0, [])
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await expect(page).to_have_title("Sign in - Turva")
    await expect(page).to_have_url(f"{visits.site.url}/auth/login/?next=/account/sessions/")


async def test_a_page_that_comes_back_to_sight_after_its_session_ended_leads_to_sign_in(visits: Visits) -> None:
    visits.expect(401)
    page, other = await visits.open(), await visits.open()
    await sign_in(page, "sasha")
    await page.goto("/account/sessions/")
    await hide(page, hidden=True)
    await sign_in(other, "sasha")
    await end_others(other, "sasha")
    await hide(page, hidden=False)
    await expect(page).to_have_title("Sign in - Turva")


async def hide(page: Page, *, hidden: bool) -> None:
    """Chromium without a screen shows every page; this is what it tells a page that is out of sight."""
    await page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


async def test_any_number_of_tabs_leaves_connections_for_pages(visits: Visits) -> None:
    """A browser opens six to a host: as many streams would let no page through."""
    first = await visits.open()
    await sign_in(first, "vic")
    for _ in range(8):
        page = await first.context.new_page()
        await page.goto("/account/sessions/")
        await expect(page.get_by_text("This device")).to_have_count(1)
    await first.goto("/projects/")
    await expect(first).to_have_title("Projects - Turva")


async def test_without_scripts_a_list_is_a_list(visits: Visits) -> None:
    page = await visits.sign_in_alone("sasha", javascript=False)
    await page.goto("/account/sessions/")
    await expect(page.get_by_text("This device")).to_have_count(1)
    await expect(page.get_by_text("Your session has ended")).to_have_count(0)
