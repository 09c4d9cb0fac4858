"""Accepting a risk in the browser: who may, of which levels, with what reasons, and what makes it go out of date."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


async def rated(page: Page, likelihood: str, standard: str = "DCB0129") -> str:
    """The address of a hazard of major severity, in a project of its own."""
    made = await page.request.post("/projects/create/", data={"name": "Accepting", "standard": standard})
    given = {"name": "Wrong dose", "effect": "Care is late", "severity": "major", "likelihood": likelihood}
    answer = await page.request.post(f"{(await made.json())['url']}hazards/create/", data=given)
    assert answer.ok, await answer.text()
    return str((await answer.json())["url"])


async def give_reasons(page: Page, rationale: str) -> None:
    await page.get_by_label("Why the risk is acceptable").fill(rationale)
    await page.get_by_label("Alternatives considered").fill("Paper charts")
    await page.get_by_label("Clinical judgement").fill("Safer than\nwithout it")
    await page.get_by_role("button", name="Accept the risk").click()


@SCRIPTS
async def test_from_unacceptable_to_accepted_and_out_of_date(visits: Visits, javascript: bool) -> None:
    visits.expect(422)
    page = await visits.open("morgan", javascript=javascript)
    hazard = await rated(page, "high")
    await page.goto(hazard)
    await page.get_by_role("link", name="Accept the risk").click()
    await expect(page.get_by_text("The risk is level 4, which is never acceptable.")).to_be_visible()
    await expect(page.get_by_role("button", name="Accept the risk")).to_have_count(0)
    await page.get_by_role("link", name="Assess the risk").click()
    await page.get_by_role("radio", name="Residual risk").check()
    await page.get_by_label("Major", exact=True).check()
    await page.get_by_label("Low", exact=True).check()
    await page.get_by_role("button", name="Record assessment").click()
    await page.get_by_role("link", name="Accept the risk").click()
    await expect(page.get_by_text("claimed to be level 3, but its controls bear out only level 4.")).to_be_visible()
    await expect(page.get_by_role("button", name="Accept the risk")).to_have_count(0)
    await verify_a_control(page, hazard)
    await page.get_by_role("link", name="See the controls").click()
    await page.get_by_role("link", name="Accept the risk").click()
    await page.get_by_role("link", name="Record why").click()
    for label in ("Reduction that was considered", "What it would cost", "Judgement"):
        await page.get_by_label(label).fill("A second nurse at each bed")
    await page.get_by_role("button", name="Record").click()
    await page.get_by_role("link", name="Accept the risk").click()
    await expect(page.get_by_text("What is claimed is not evidenced.")).to_have_count(0)
    await give_reasons(page, "")
    await expect(page.get_by_label("Clinical judgement")).to_have_value("Safer than\nwithout it")
    await give_reasons(page, "Doses come in time")
    await expect(page.get_by_text("Morgan Example, Clinical Safety Officer,")).to_be_visible()
    await out_of_date(page)


async def verify_a_control(page: Page, hazard: str) -> None:
    """By a program: what the page told."""
    given = {"description": "A second nurse", "evidence": "Report 7", "brings_hazards": False}
    answer = await page.request.post(f"{hazard}controls/create/", data={**given, "brings_hazards_reason": "None"})
    assert answer.ok, await answer.text()
    control = (await answer.json())["controls"][0]["id"]
    for state in ("implemented", "verified"):
        place = f"{hazard.partition('hazards/')[0]}controls/{control}/state/"
        assert (await page.request.post(place, data={"state": state, "justification": "Report 7"})).ok


async def out_of_date(page: Page) -> None:
    """A change of the hazard is told as what is new since; who accepts it again leaves the earlier one in the log."""
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Effect", exact=True).fill("Care is given twice")
    await page.get_by_role("button", name="Save").click()
    stale = page.get_by_role("note").filter(has_text="Out of date since")
    for words in ("Effect", "late", "given twice"):
        await expect(stale).to_contain_text(words)
    await page.get_by_role("link", name="Accept the risk again").click()
    await expect(page.get_by_text("What changed since it was accepted")).to_be_visible()
    await give_reasons(page, "Also if care is given twice")
    await expect(stale).to_have_count(0)
    await page.get_by_text("Earlier acceptances").click()
    await expect(page.get_by_text("Doses come in time")).to_be_visible()


@SCRIPTS
@pytest.mark.parametrize(
    ("standard", "who"),
    [
        ("DCB0129", "Only an owner or Clinical Safety Officer of the project who is designated"),
        ("DCB0160", "Only a member with the authority of the organisation accepts its risks."),
    ],
)
async def test_who_may_not_is_told_who_may(visits: Visits, javascript: bool, standard: str, who: str) -> None:
    """Sasha owns the project, and is neither designated nor an executive."""
    page = await visits.open("sasha", javascript=javascript)
    hazard = await rated(page, "very_low", standard)
    await page.goto(hazard)
    await expect(page.get_by_role("link", name="Accept the risk")).to_have_count(0)
    await page.goto(f"{hazard}accept/")
    await expect(page.get_by_text(who)).to_be_visible()
    await expect(page.get_by_role("button", name="Accept the risk")).to_have_count(0)
