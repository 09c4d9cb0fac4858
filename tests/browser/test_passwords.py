"""Boxes for passwords: shown on demand, pasted into, and usable without scripts."""

import pytest
from playwright.async_api import expect

from tests.browser.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CHANGE = "/account/password/"


async def test_a_password_can_be_shown_and_is_hidden_again(visits: Visits) -> None:
    page = await visits.sign_in_alone("sasha")
    await page.goto(CHANGE)
    box = page.get_by_label("New password", exact=True)
    await box.fill("mango ferry slate")
    await expect(box).to_have_attribute("type", "password")
    await page.get_by_role("button", name="Show").last.click()
    await expect(box).to_have_attribute("type", "text")
    await page.get_by_role("button", name="Hide").last.click()
    await expect(box).to_have_attribute("type", "password")


async def test_asvs_6_2_7_pasting_works(visits: Visits) -> None:
    page = await visits.sign_in_alone("sasha")
    await page.goto(CHANGE)
    current = page.get_by_label("Current password", exact=True)
    await page.get_by_role("button", name="Show").first.click()
    await current.fill("pasted from a manager")
    await current.press("Control+a")
    await current.press("Control+c")
    box = page.get_by_label("New password", exact=True)
    await box.press("Control+v")
    await expect(box).to_have_value("pasted from a manager")


async def test_without_scripts_the_reason_comes_back(visits: Visits) -> None:
    visits.expect(422)
    page = await visits.sign_in_alone("sasha", javascript=False)
    await page.goto(CHANGE)
    await page.get_by_label("Current password", exact=True).fill("correct horse battery staple")
    await page.get_by_label("New password", exact=True).fill("Sasha-Example")
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_role("alert").filter(has_text="made of your name")).to_be_visible()
    await expect(page.get_by_label("New password", exact=True)).to_have_value("")
