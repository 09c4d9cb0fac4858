"""A token is made, shown on a page that is gone with the next, listed and revoked, at a desk and on a phone."""

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import faults, overflow
from tests.browser.test_sessions import sign_in
from tests.browser.visits import DESK, PHONE, Visits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
async def test_made_shown_and_revoked(visits: Visits, width: int) -> None:
    visits.expect(422)
    page = await visits.open(width=width)
    await sign_in(page, "sasha")
    await page.goto("/account/tokens/create/")
    await page.get_by_role("button", name="Create the token").click()
    await expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    assert (await overflow(page), await faults(page)) == (0, [])
    await page.get_by_label("What it is for").fill("Nightly export")
    await page.get_by_label("Read", exact=True).check()
    await page.get_by_role("button", name="Create the token").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your new API token")
    token = await page.locator("#token").inner_text()
    assert token.startswith("turva_")
    assert (await overflow(page), await faults(page)) == (0, [])
    await page.get_by_role("link", name="See all your API tokens").click()
    await expect(page.get_by_role("row", name="Nightly export")).to_be_visible()
    assert token not in await page.content()
    assert (await overflow(page), await faults(page)) == (0, [])
    await page.get_by_role("button", name="Revoke the token Nightly export").click()
    await expect(page.get_by_role("row", name="Nightly export")).to_have_count(0)
