"""Every page meets WCAG 2.2 AA as far as axe can tell and fits its screen, at a desk and on a phone."""

import httpx
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.site import Site
from tests.browser.visits import DESK, PHONE, Visits
from tests.clients import PASSWORD
from tests.pages import filled_project, pages

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def parts(sqlite_site: Site) -> dict[str, str]:
    """What the paths of a filled project need; robin, who owns it, is an administrator and sees every page."""
    async with httpx.AsyncClient(base_url=sqlite_site.url) as robin:
        body = {"email_address": "robin@example.org", "password": PASSWORD}
        assert (await robin.post("/auth/login/", json=body)).is_success
        return await filled_project(robin, "vic@example.org")


async def faults(page: Page) -> list[str]:
    found = (await Axe().run(page, options={"runOnly": RULES})).response["violations"]
    return [f"{fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"]]


async def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    wide: int = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


@SIZES
@pytest.mark.parametrize("place", [found.url for found in pages()])
async def test_every_page(visits: Visits, parts: dict[str, str], place: str, width: int) -> None:
    page = await visits.open("" if place == "/auth/login/" else "robin", width=width)
    answer = await page.goto(place.format(**parts))
    assert answer
    assert (answer.status, await overflow(page)) == (200, 0)
    assert page.url == visits.site.url + place.format(**parts)
    assert await faults(page) == []


@pytest.mark.parametrize("width", [320, PHONE, 800, 1024, 1200, 1263, 1264])
async def test_no_text_touches_the_edge_of_the_window(visits: Visits, width: int) -> None:
    page = await visits.open(width=width)
    await page.goto("/auth/login/")
    for part in (page.get_by_role("heading", level=1), page.get_by_role("link", name="API reference")):
        box = await part.bounding_box()
        assert box
        assert box["x"] >= 16


@pytest.mark.parametrize("width", [769, 1024, 1199, 1200])
async def test_wide_tables_fit_every_width_at_which_they_are_tables(
    visits: Visits, parts: dict[str, str], width: int
) -> None:
    page = await visits.open("robin", width=width)
    for place in ("hazards/", "hazards/{hazard_id}/", "controls/", "as_of/"):
        await page.goto(f"/projects/{{project_id}}/{place}".format(**parts))
        assert (place, await overflow(page)) == (place, 0)


@SIZES
async def test_what_nobody_is_given_at_first_sight(visits: Visits, parts: dict[str, str], width: int) -> None:
    log = "/projects/{project_id}/hazards/".format(**parts)
    for query in ("?search=nothing-like-it&status=open", "?page=2&sort=-level", "?severity=major&likelihood=low"):
        page = await visits.open("vic", width=width)
        await page.goto(log + query)
        assert (await overflow(page), await faults(page)) == (0, [])
    asked = "create/?harm-asked=death&patients-asked=one&find-asked=true"
    for place in (asked, "bulk/?action=type_add&level=3&level=4&all_found=true", "?level=4&status=open&limit=1"):
        page = await visits.open("robin", width=width)
        await page.goto(log + place)
        assert (await overflow(page), await faults(page)) == (0, []), place


@SIZES
async def test_refused_forms_and_errors(visits: Visits, parts: dict[str, str], width: int) -> None:
    visits.expect(403, 404, 422)
    page = await visits.open("robin", width=width)
    await page.goto("/projects/{project_id}/hazards/create/".format(**parts))
    await page.get_by_role("button", name="Record hazard").click()
    await expect(page.get_by_role("alert").filter(has_text="Enter a name")).to_be_visible()
    assert await faults(page) == []
    for who, place in (("vic", "/ops/sessions/"), ("vic", "/nowhere/")):
        page = await visits.open(who, width=width)
        await page.goto(place)
        assert await faults(page) == []


async def test_axe_finds_a_fault_that_is_there(visits: Visits) -> None:
    page = await visits.open()
    await page.goto("/auth/login/")
    await page.locator("label[for=email_address]").evaluate("label => label.remove()")
    assert [fault.partition(":")[0] for fault in await faults(page)] == ["label"]
