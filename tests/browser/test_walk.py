"""The first walk: sign in, import a log, filter it, assess a hazard, sign out; with scripts and without."""

import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser.visits import Visits
from tests.clients import PASSWORD
from tests.exchange.official_log import official_workbook_bytes, rated

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = [
    rated("Major", "High", hazard="A result is filed under the wrong patient", initial__risk=4, owner="Laboratory"),
    rated("Minor", "Low", hazard="A result arrives late", initial__risk=3, status="Closed"),
    rated("Considerable", "Medium", hazard="A result cannot be read", causes="Small type\nPoor contrast"),
]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
async def test_from_sign_in_to_sign_out(visits: Visits, javascript: bool) -> None:
    page = await visits.open(javascript=javascript)
    await sign_in(page)
    await create_project(page)
    await import_log(page)
    await filter_log(page)
    await assess(page)
    await sign_out(page)


async def sign_in(page: Page) -> None:
    await page.goto("/projects/create/")
    await expect(page).to_have_title("Sign in - Turva")
    await page.get_by_label("Email address").fill("morgan@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def create_project(page: Page) -> None:
    await expect(page).to_have_title("New project - Turva")
    await page.get_by_label("Name").fill("Laboratory results")
    await page.get_by_role("button", name="Create project").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Laboratory results")
    await expect(page.get_by_text("The hazard log is empty")).to_be_visible()


async def import_log(page: Page) -> None:
    await page.get_by_role("button", name="Import a hazard log").click()
    file = FilePayload(name="log.xlsx", mimeType=WORKBOOK, buffer=official_workbook_bytes(ROWS))
    await page.locator("input[name=file]").set_input_files(file)
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Import of log.xlsx")
    rows = page.get_by_role("table", name="Levels that differ").get_by_role("row")
    await expect(rows.nth(1)).to_contain_text("3 Undesirable")
    await expect(rows.nth(1)).to_contain_text("1 Acceptable")
    await page.get_by_role("button", name="Go to the hazard log").click()


async def filter_log(page: Page) -> None:
    results = page.get_by_role("region", name="Hazards")
    await expect(results.get_by_role("row")).to_have_count(1 + len(ROWS))
    await page.get_by_label("Open", exact=True).check()
    await page.get_by_label("Search", exact=True).fill("wrong patient")
    await page.get_by_role("button", name="Apply").click()
    await expect(results.get_by_role("row")).to_have_count(2)
    await expect(results).to_contain_text("1 hazard")
    await expect(page).to_have_url(re.compile(r"\?(?=.*status=open)(?=.*search=wrong)"))
    await results.get_by_role("link", name="A result is filed").click()


async def assess(page: Page) -> None:
    await expect(page.get_by_role("heading", level=1)).to_contain_text("A result is filed under the wrong patient")
    await expect(page.get_by_role("region", name="Initial risk")).to_contain_text("4 Mandatory action")
    await page.get_by_role("button", name="Assess").click()
    await page.get_by_label("Major", exact=True).check()
    await page.get_by_label("Very low", exact=True).check()
    await page.get_by_label("Why this likelihood").fill("Three identifiers are compared")
    await page.get_by_role("button", name="Record assessment").click()
    residual = page.get_by_role("region", name="Residual risk, claimed")
    await expect(residual).to_contain_text("2 Acceptable with reason")
    await expect(residual).to_contain_text("Three identifiers are compared")
    await expect(residual).to_contain_text("Morgan Example")


async def sign_out(page: Page) -> None:
    hazard = page.url
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_title("Sign in - Turva")
    await page.goto(hazard)
    await expect(page).to_have_title("Sign in - Turva")
