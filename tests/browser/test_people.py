"""People look after their profile and administrators after people, without JavaScript."""

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.test_accessibility import faults, overflow
from tests.browser.visits import PHONE, Visits
from tests.drawn import a_picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_profile_and_a_picture(visits: Visits) -> None:
    visits.expect(422)
    page = await visits.open("vic", javascript=False)
    await page.goto("/account/")
    await page.get_by_role("link", name="Change profile").click()
    await page.get_by_label("Professional body").fill("General Medical Council")
    for box, value in {"Day": "31", "Month": "2", "Year": "2027"}.items():
        await page.get_by_label(box, exact=True).fill(value)
    await page.get_by_role("button", name="Save profile").click()
    await page.get_by_role("link", name="Registration valid until must be a real date").click()
    await expect(page.get_by_label("Day", exact=True)).to_be_focused()
    await page.get_by_label("Day", exact=True).fill("28")
    await page.get_by_role("button", name="Save profile").click()
    await expect(page).to_have_title("Your account - Turva")
    await page.get_by_role("link", name="Change picture").click()
    file = FilePayload(name="me.png", mimeType="image/png", buffer=a_picture())
    await page.get_by_label("Picture", exact=True).set_input_files(file)
    await page.get_by_role("button", name="Upload picture").click()
    await expect(page.get_by_alt_text("Your picture as others see it")).to_be_visible()
    await page.get_by_role("button", name="Remove picture").click()
    await expect(page.get_by_role("button", name="Remove picture")).to_have_count(0)


async def test_an_administrator_shuts_an_account_and_opens_it(visits: Visits) -> None:
    page = await visits.open("robin", javascript=False)
    await page.goto("/ops/users/?search=kim")
    await page.get_by_role("link", name="Kim Example").click()
    for verb in ("Disable", "Enable"):
        await page.get_by_role("button", name=f"{verb} account").click()
        await page.get_by_label("Reason").fill("A drill")
        await page.get_by_role("button", name=f"{verb} this account").click()
        await expect(page).to_have_title("Kim Example - Turva")
    await expect(page.get_by_text("No current registration")).to_be_visible()


async def test_pages_with_something_on_them(visits: Visits) -> None:
    visits.expect(422)
    page = await visits.open("robin", width=PHONE)
    await page.goto("/ops/invitations/create/")
    await page.get_by_label("Email address").fill("new.colleague@example.org")
    await page.get_by_role("button", name="Send invitation").click()
    await expect(page.get_by_role("button", name="Withdraw")).to_have_count(1)
    assert (await overflow(page), await faults(page)) == (0, [])
    await page.goto("/ops/users/create/")
    await page.get_by_role("button", name="Create user").click()
    await expect(page.get_by_role("alert").filter(has_text="Enter the first name")).to_be_visible()
    assert (await overflow(page), await faults(page)) == (0, [])
    await page.goto("/ops/users/?is_cso=true&is_active=true")
    assert (await overflow(page), await faults(page)) == (0, [])
