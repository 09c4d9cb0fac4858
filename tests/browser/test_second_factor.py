"""A second factor as people meet it: a passkey of Chromium's own authenticator, and codes without scripts."""

import pyotp
import pytest
from playwright.async_api import Page, expect

from tests.browser.visits import Visits
from tests.clients import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def sign_in(page: Page, who: str) -> None:
    await page.goto("/auth/login/?next=/account/second_factor/")
    await page.get_by_label("Email address").fill(f"{who}@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def plug_in(page: Page) -> None:
    """An authenticator of the browser's own, that always finds its person."""
    devices = await page.context.new_cdp_session(page)
    await devices.send("WebAuthn.enable")
    await devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


async def test_a_passkey_is_added_signs_in_and_is_removed(visits: Visits) -> None:
    page = await visits.open()
    await plug_in(page)
    await sign_in(page, "pat")
    await page.get_by_role("button", name="Add a passkey").click()
    await page.get_by_label("Name").fill("Ward laptop")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("table", name="Your passkeys")).to_contain_text("Ward laptop")
    await page.get_by_role("button", name="Sign out").click()

    await sign_in(page, "pat")
    await expect(page).to_have_title("Second step - Turva")
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page).to_have_title("Your second factor - Turva")
    await page.get_by_role("button", name="Sign out").click()

    await page.get_by_role("link", name="Sign in with a passkey").click()
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page).to_have_title("Projects - Turva")

    await page.goto("/account/second_factor/")
    await page.get_by_role("button", name="Remove the passkey Ward laptop").click()
    await expect(page.get_by_text("You have none. A passkey is kept")).to_be_visible()


async def test_without_scripts_a_page_says_so(visits: Visits) -> None:
    page = await visits.open(javascript=False)
    await page.goto("/auth/passkey/")
    await expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    await expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)


async def test_an_app_and_paper_without_scripts(visits: Visits) -> None:
    page = await visits.open(javascript=False)
    await sign_in(page, "lee")
    await page.get_by_role("button", name="Set up an authenticator app").click()
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()
    key = "".join((await page.locator(".app-key-text").inner_text()).split())
    await page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(key).now())
    await page.get_by_role("button", name="Set up").click()
    await page.get_by_role("button", name="Make recovery codes").click()
    codes = await page.locator(".app-codes code").all_inner_texts()
    await page.get_by_role("button", name="I have kept these codes").click()
    await expect(page.get_by_text("10 of your codes can still be used")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()

    await sign_in(page, "lee")
    await page.get_by_text("Use a recovery code instead").click()
    await page.get_by_label("Recovery code").fill(codes[0])
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("9 of your codes can still be used")).to_be_visible()
    await page.get_by_role("button", name="Remove the app").click()
    await expect(page.get_by_text("Not set up.")).to_be_visible()
