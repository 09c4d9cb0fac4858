"""A form that takes long says that it is at work, and for how long, until its answer is there."""

import asyncio

import pytest
from playwright.async_api import FilePayload, Page, Route, expect

from tests.browser.test_sessions import make_project
from tests.browser.visits import Visits
from tests.exchange import joint_journey

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAID = "The file is being sent and read. Thousands of hazards take a while. The report opens when it is done. "
TELL_WHAT_IS_SAID = """() => {
  const working = document.getElementById("working");
  const told = () => tell(working.textContent, getComputedStyle(working).position);
  new MutationObserver(told).observe(working, { childList: true, subtree: true });
}"""


async def test_an_import_says_that_it_is_at_work_until_its_report_is_there(visits: Visits) -> None:
    page = await visits.open("morgan")
    await page.goto(f"{await make_project(page)}imports/create/")
    await expect(page.get_by_text("Stay on this page: the report opens by itself.")).to_be_visible()
    said = await held_until_it_says(page, "2 seconds so far")
    file = FilePayload(name="log.xlsx", mimeType=WORKBOOK, buffer=joint_journey.workbook_bytes())
    await page.locator("input[name=file]").set_input_files(file)
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Import of log.xlsx")
    assert said[0] == (SAID, "fixed")
    await expect(page.locator("#working")).to_be_empty()
    await page.go_back()
    await expect(page.locator("#working")).to_be_empty()


async def held_until_it_says(page: Page, words: str) -> list[tuple[str, str]]:
    """The answer comes once the page has said the words; a page that never says them waits in vain."""
    said: list[tuple[str, str]] = []
    enough = asyncio.Event()

    def tell(text: str, position: str) -> None:
        said.append((text, position))
        if words in text:
            enough.set()

    async def hold(route: Route) -> None:
        if route.request.method == "POST":
            await enough.wait()
        await route.continue_()

    await page.expose_function("tell", tell)
    await page.evaluate(TELL_WHAT_IS_SAID)
    await page.route("**/imports/create/", hold)
    return said
