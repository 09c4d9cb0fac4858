"""Evidence in the browser: added from a hazard, attached to its parts, downloaded and never run, taken off again."""

from filecmp import cmp
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.site import Site
from tests.browser.visits import Visits
from tests.clients import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCRIPT = b"Seen in the test:\n<script>document.title = 'run'; alert(1)</script>\n"


async def hazard_of(site: Site, who: str) -> str:
    async with httpx.AsyncClient(base_url=site.url) as client:
        body = {"email_address": f"{who}@example.org", "password": PASSWORD}
        assert (await client.post("/auth/login/", json=body)).is_success
        project = (await client.post("/projects/create/", json={"name": "Evidenced"})).json()["url"]
        given = {
            "name": "Wrong dose",
            "existing_controls": ["Two people check"],
            "severity": "major",
            "likelihood": "low",
        }
        hazard = await client.post(f"{project}hazards/create/", json=given)
        assert hazard.is_success, hazard.text
        return str(hazard.json()["url"])


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
async def test_from_a_hazard_to_a_file_and_back(visits: Visits, site: Site, tmp_path: Path, javascript: bool) -> None:
    hazard = await hazard_of(site, "lee")
    page = await visits.open("lee", javascript=javascript)
    visits.expect(422)
    report = tmp_path / "report.txt"
    report.write_bytes(SCRIPT)
    await page.goto(hazard)
    await page.get_by_role("button", name="Add evidence").click()
    await page.get_by_label("Title").fill("Report of May")
    await page.get_by_label("Effectiveness").check()
    await page.get_by_label("The control: Two people check").check()
    await page.get_by_role("button", name="Add evidence").click()
    await expect(page.get_by_role("alert").filter(has_text="Choose a file, or enter a link")).to_be_visible()
    await expect(page.get_by_label("Title")).to_have_value("Report of May")
    await expect(page.get_by_label("The control: Two people check")).to_be_checked()
    await page.locator("input[type=file]").set_input_files(report)
    await page.get_by_role("button", name="Add evidence").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Report of May")
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
    download = await downloading.value
    await download.save_as(tmp_path / "saved.txt")
    assert (download.suggested_filename, cmp(tmp_path / "saved.txt", report, shallow=False)) == ("report.txt", True)
    await expect(page).not_to_have_title("run")
    await page.goto(hazard)
    evidence = page.get_by_role("table").filter(has_text="Report of May")
    await expect(evidence.get_by_role("row")).to_have_count(3)
    await evidence.get_by_role("link", name="Detach").first.click()
    await page.get_by_label("Why").fill("It is about another system")
    await page.get_by_role("button", name="Detach").click()
    await page.goto(hazard)
    await expect(evidence.get_by_role("row")).to_have_count(2)
