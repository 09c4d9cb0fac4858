"""A revoked session ends under the hands of who uses it; signing in needs nothing but a keyboard."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.visits import Visits
from tests.clients import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def sign_in(page: Page, who: str) -> None:
    await page.goto("/auth/login/")
    await page.get_by_label("Email address").fill(f"{who}@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_title("Projects - Turva")


async def make_project(page: Page, name: str = "Ward round") -> str:
    """The path of a new project with one hazard, made by a program in the same session."""
    answer = await page.request.post("/projects/create/", data={"name": name})
    url: str = (await answer.json())["url"]
    assert (await page.request.post(f"{url}hazards/create/", data={"name": "Late result"})).ok
    return url


async def test_the_next_click_of_a_revoked_session_lands_on_sign_in(visits: Visits) -> None:
    page, administrator = await visits.open(), await visits.open("robin")
    await sign_in(page, "sasha")
    await end_sessions(administrator, "sasha")
    await page.get_by_role("button", name="New project").click()
    await expect(page).to_have_title("Sign in - Turva")
    await expect(page.get_by_text("your session has ended")).to_be_visible()


async def end_sessions(page: Page, who: str) -> None:
    await page.goto("/ops/sessions/")
    await page.get_by_label("Email address").fill(f"{who}@example.org")
    await page.get_by_role("button", name="Show").click()
    await page.get_by_role("link", name="End all").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("End all sessions of a person")
    await page.get_by_label("Reason").fill("Left the trust")
    await page.get_by_role("button", name="End all sessions").click()
    await expect(page).to_have_title("Sessions - Turva")


async def test_a_part_of_a_page_asked_for_without_a_session_goes_to_sign_in_too(visits: Visits) -> None:
    visits.expect(401)
    page, other = await visits.open(), await visits.open()
    await sign_in(page, "vic")
    project = await make_project(page)
    await page.goto(f"{project}hazards/")
    await sign_in(other, "vic")
    await other.goto("/account/sessions/")
    for _ in range(await other.get_by_role("button", name="Revoke").count()):
        await other.get_by_role("button", name="Revoke").first.click()
        await expect(other).to_have_title("Your sessions - Turva")
    await page.get_by_label("Closed", exact=True).click()
    await expect(page).to_have_title("Sign in - Turva")


async def test_one_s_own_session_is_marked_and_the_others_can_be_revoked(visits: Visits) -> None:
    page, other = await visits.open(), await visits.open()
    await sign_in(page, "sasha")
    await sign_in(other, "sasha")
    await page.goto("/account/sessions/")
    rows = page.get_by_role("table", name="Your sessions").get_by_role("row")
    before = await rows.count()
    await expect(page.get_by_text("This device")).to_have_count(1)
    await page.get_by_role("button", name="Revoke").first.click()
    await expect(rows).to_have_count(before - 1)
    await expect(page.get_by_text("This device")).to_have_count(1)


async def test_signing_in_by_keyboard_alone(visits: Visits) -> None:
    page = await visits.open()
    await page.goto("/auth/login/")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Email address")).to_be_focused()
    await page.keyboard.type("sasha@example.org")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_title("Projects - Turva")


async def test_a_log_is_reached_filtered_and_left_by_keyboard_alone(visits: Visits) -> None:
    page = await visits.open("morgan")
    project = await make_project(page)
    await page.goto(f"{project}hazards/")
    await page.get_by_label("Search", exact=True).focus()
    await page.keyboard.type("nothing-like-it")
    results = page.get_by_role("region", name="Hazards")
    await expect(results).to_contain_text("No hazards found")
    await expect(page.get_by_label("Search", exact=True)).to_be_focused()
    await tab_to(page, "Remove the filter")
    await page.keyboard.press("Enter")
    await expect(results.get_by_role("row")).to_have_count(2)
    await tab_to(page, "Late result")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Late result")


async def test_projects_are_found_while_typing(visits: Visits) -> None:
    page = await visits.open("morgan")
    await make_project(page, "Wound care")
    await make_project(page, "Theatre lists")
    await page.goto("/projects/")
    await page.get_by_label("Search by name").focus()
    await page.keyboard.type("wound")
    await expect(page.get_by_role("link", name="Theatre lists")).to_have_count(0)
    await expect(page.get_by_role("link", name="Wound care")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"\?search=wound$"))


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on a control of that name; a page has few enough to try them all."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        text = await page.evaluate("document.activeElement.textContent")
        if name in text:
            return
    pytest.fail(f"no control called {name} was reached")


async def test_a_password_may_be_pasted_or_filled_in_by_a_program(visits: Visits) -> None:
    page = await visits.open()
    await page.goto("/auth/login/")
    address, password = page.get_by_label("Email address"), page.get_by_label("Password", exact=True)
    await expect(address).to_have_attribute("autocomplete", "username")
    await expect(password).to_have_attribute("autocomplete", "current-password")
    refused = "box => box.dispatchEvent(new ClipboardEvent('paste', {cancelable: true, bubbles: true}))"
    assert await password.evaluate(refused), "pasting was prevented"
