"""A whole log from its import to the closure of its last hazard, in the browser: what is refused says why and where."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser import logs
from tests.browser.logs import Log
from tests.browser.visits import Visits
from tests.clients import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONTROL = "A second scanner compares both codes"
CAUSE = "Two quokkas share a label"
REPORT = FilePayload(name="report.txt", mimeType="text/plain", buffer=b"All 40 attempts were stopped.\n")


@pytest.mark.parametrize("log", logs.EVERY)
async def test_a_log_from_import_to_closure(visits: Visits, log: Callable[[], Log]) -> None:
    visits.expect(409)
    page, given = await visits.open(), log()
    await sign_in(page)
    project = await create_project(page)
    await import_log(page, given)
    hazard = await first_of(page, project, given)
    await closing_is_refused(page, hazard)
    await describe(page, hazard)
    await add_control(page)
    await verify_control(page, hazard)
    await finish_imported_controls(page, hazard)
    await assess(page, hazard, "Residual risk", "Major", "Low")
    await argue_and_accept(page, hazard)
    await close(page, hazard)
    await bulk_is_refused(page, project, given)
    await finish_the_others(page, project)
    await close_the_others(page, project, given)
    await everything_is_closed(page, project, given)


async def sign_in(page: Page) -> None:
    await page.goto("/projects/create/")
    await page.get_by_label("Email address").fill("morgan@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def create_project(page: Page) -> str:
    await page.get_by_label("Name").fill("From import to closure")
    await page.get_by_role("button", name="Create project").click()
    await expect(page.get_by_text("The hazard log is empty")).to_be_visible()
    return page.url


async def import_log(page: Page, log: Log) -> None:
    await page.get_by_role("button", name="Import a hazard log").click()
    await page.locator("input[name=file]").set_input_files(log.file)
    await page.get_by_label("Only check the file").check()
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page).to_have_title("Import a hazard log - From import to closure - Turva")
    for told in (f"{log.hazards} hazards can be imported", f"{log.to_assess} ratings would have to be assessed"):
        await expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()
    await page.locator("input[name=file]").set_input_files(log.file)
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(f"Import of {log.name}")
    await expect(page.get_by_text(f"Hazards imported {log.hazards}")).to_be_visible()
    ratings = page.get_by_role("table", name="Ratings to assess").get_by_role("row")
    await expect(ratings).to_have_count(1 + log.to_assess if log.to_assess else 0)
    if log.to_assess:
        await expect(ratings.nth(1)).to_contain_text("Init L 3, Init S 3, Init Risk 9")


async def first_of(page: Page, project: str, log: Log) -> str:
    """From the dashboard to the first hazard: by what waits, or through the log."""
    await page.get_by_role("button", name="Go to the project").click()
    await expect(
        page.get_by_role("table", name="By status").get_by_role("row", name=f"Open {log.hazards}")
    ).to_be_visible()
    if log.to_assess:
        await page.get_by_role("link", name=f"{log.hazards} Not assessed").click()
    else:
        await page.get_by_role("button", name="Hazard log").click()
    results = page.get_by_role("region", name="Hazards")
    await expect(results.get_by_role("row")).to_have_count(1 + log.hazards)
    await results.get_by_role("row").filter(has_text="HAZ-001").get_by_role("link").first.click()
    recorded = page.get_by_role("heading", name="As the imported log recorded it")
    await expect(recorded).to_have_count(1 if log.to_assess else 0)
    return page.url


async def closing_is_refused(page: Page, hazard: str) -> None:
    """The page says why, and where it is mended; a program that sends it all the same is told so too."""
    unrated = not await stored(page, hazard, "initial")
    await page.get_by_role("button", name="Close").click()
    hindrances = page.locator("#hindrances")
    await expect(hindrances).to_contain_text("A control is only proposed")
    answer = await page.request.post(f"{hazard}close/", data={"justification": "We are done"})
    assert answer.status == 409
    if unrated:
        await expect(hindrances).to_contain_text("The risk is not assessed")
        await page.get_by_role("link", name="Assess the risk").click()
        await assess(page, "", "Initial risk", "Major", "High")
    await page.goto(hazard)


async def describe(page: Page, hazard: str) -> None:
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_role("button", name="Add another cause").click()
    await page.keyboard.type(CAUSE)
    await page.get_by_label("Harm", exact=True).fill("The patient is given another's dose")
    await page.get_by_role("button", name="Save").click()
    await expect(page).to_have_url(hazard)
    await expect(page.get_by_role("table", name="Causes")).to_contain_text(CAUSE)


async def add_control(page: Page) -> None:
    await page.get_by_role("button", name="Add a control").click()
    await page.get_by_label("Control", exact=True).fill(CONTROL)
    await page.get_by_label("Kind").select_option("design")
    await page.get_by_label(f"Cause: {CAUSE}").check()
    await page.get_by_role("group", name="Does it bring new hazards").get_by_label("No").check()
    await page.get_by_label("Why", exact=True).fill("It only stops what was wrong before")
    await page.get_by_role("button", name="Add control").click()
    row = page.get_by_role("table", name="Additional controls").get_by_role("row").filter(has_text=CONTROL)
    await expect(row).to_contain_text("Proposed")
    await expect(row).to_contain_text(CAUSE)
    await row.get_by_role("link", name=CONTROL).first.click()


async def verify_control(page: Page, hazard: str) -> None:
    """Nothing is verified before evidence shows that it is there and that it works."""
    control = page.url
    await expect(page.get_by_text("No: It only stops what was wrong before")).to_be_visible()
    await become(page, "Implemented", "Released with version 2")
    await become(page, "Verified", "Tested")
    await page.get_by_role("link", name="Evidence that the control is effective is missing").click()
    await page.get_by_role("link", name="add a file or a link").click()
    for purpose in ("Implementation", "Effectiveness"):
        await page.locator("input[type=file]").set_input_files(REPORT)
        await page.get_by_label("Title").fill(f"{purpose} report")
        await page.get_by_label(purpose).check()
        await page.get_by_role("button", name="Add evidence").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(f"{purpose} report")
        await page.get_by_role("link", name=CONTROL, exact=True).click()
        await expect(page).to_have_url(control)
        if purpose == "Implementation":
            await page.get_by_role("button", name="Add evidence").click()
    await become(page, "Verified", "40 attempts were stopped")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Control, verified")
    await page.get_by_role("link", name="HAZ-001").click()
    await expect(page).to_have_url(hazard)


async def become(page: Page, state: str, why: str) -> None:
    await page.get_by_role("button", name="Change state").click()
    await page.get_by_label(state).check()
    await page.get_by_label("Justification").fill(why)
    await page.get_by_role("button", name="Change state").click()


async def finish_imported_controls(page: Page, hazard: str) -> None:
    """One with evidence in words, the others withdrawn by a program."""
    first, *others = [one for one in await stored(page, hazard, "controls") if one["state"] == "proposed"]
    controls = page.get_by_role("table", name="Additional controls")
    await controls.get_by_role("link", name=first["description"]).first.click()
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Evidence in words").fill("Report 7: it is there and it works")
    await page.get_by_role("button", name="Save").click()
    await become(page, "Implemented", "It is in place")
    await become(page, "Verified", "Report 7")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Control, verified")
    for control in others:
        await say(
            page, f"{project_of(hazard)}controls/{control['id']}/state/", state="withdrawn", justification="Not needed"
        )
    await page.goto(hazard)


async def assess(page: Page, hazard: str, risk: str, severity: str, likelihood: str) -> None:
    if hazard:
        await page.get_by_role("button", name="Assess").click()
    await page.get_by_role("radio", name=risk).check()
    await page.get_by_label(severity, exact=True).check()
    await page.get_by_label(likelihood, exact=True).check()
    await page.get_by_label("Why this severity").fill("One patient may be harmed for long")
    await page.get_by_label("Why this likelihood").fill("Seen twice in a year elsewhere")
    await page.get_by_role("button", name="Record assessment").click()
    panel = page.get_by_role("region", name=risk)
    await expect(panel.first).to_contain_text("Seen twice in a year elsewhere")


async def argue_and_accept(page: Page, hazard: str) -> None:
    """Level 3: the page of closing leads to the ALARP record and to the acceptance."""
    await expect(page.get_by_text("All additional controls are verified, so what is claimed counts.")).to_be_visible()
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator("#hindrances").get_by_role("listitem")).to_have_count(2)
    await page.get_by_role("link", name="Record why").click()
    await page.get_by_label("Reduction that was considered").fill("A third scanner")
    await page.get_by_label("What it would cost").fill("A year of work for no fewer errors")
    await page.get_by_label("Judgement").fill("As low as reasonably practicable")
    await page.get_by_role("button", name="Record").click()
    await page.goto("/my_work/")
    await page.get_by_role("table", name="Ready for you to accept").get_by_role("link", name="HAZ-001").first.click()
    await page.get_by_role("link", name="Accept the risk").click()
    await page.get_by_label("Why the risk is acceptable").fill("Doses are given in time")
    await page.get_by_label("Alternatives considered").fill("Paper labels")
    await page.get_by_label("Clinical judgement").fill("Safer than before")
    await page.get_by_role("button", name="Accept the risk").click()
    await expect(page).to_have_url(hazard)
    await expect(page.get_by_text("Clinical Safety Officer,").first).to_be_visible()


async def close(page: Page, hazard: str) -> None:
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator("#hindrances")).to_have_count(0)
    await page.get_by_label("Justification").fill("All actions are completed")
    await page.get_by_role("button", name="Close hazard").click()
    await expect(page.get_by_text("Closed: All actions are completed")).to_be_visible()
    await page.get_by_role("link", name="History of HAZ-001").click()
    history = page.get_by_role("main")
    for told in (
        "Imported",
        "Assessed",
        "Risk accepted",
        "Closed",
        "All actions are completed",
        "Morgan Example",
        CAUSE,
    ):
        await expect(history).to_contain_text(told)


async def bulk_is_refused(page: Page, project: str, log: Log) -> None:
    """Search finds the closed one; the others cannot follow yet, and the page says of each why."""
    await page.goto(f"{project}hazards/")
    results = page.get_by_role("region", name="Hazards")
    await page.get_by_label("Search", exact=True).fill("quokkas label")
    await page.get_by_role("button", name="Apply").click()
    await expect(results.get_by_role("row")).to_have_count(2)
    await expect(results.get_by_role("row").nth(1)).to_contain_text("Closed")
    await bulk_close(page, project, log)
    await expect(page.locator(".nhsuk-error-summary")).to_contain_text("HAZ-002")


async def bulk_close(page: Page, project: str, log: Log) -> None:
    await page.goto(f"{project}hazards/?status=open")
    await page.get_by_label(f"All {log.hazards - 1} on this page").check()
    await page.get_by_label("Change chosen hazards").select_option("close")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Justification").fill("Reviewed at the meeting of the board")
    await page.get_by_role("button", name=f"Close: {log.hazards - 1} hazards").click()


async def finish_the_others(page: Page, project: str) -> None:
    """By a program: what the page told of each."""
    for hazard in await stored(page, f"{project}hazards/?limit=100&status=open", "data"):
        for control in [one for one in hazard["controls"] if one["state"] == "proposed"]:
            await say(
                page, f"{project}controls/{control['id']}/state/", state="implemented", justification="It is in place"
            )
        rating = {"severity": "significant", "likelihood": "low"}
        for stage in ("initial", "residual"):
            await say(page, f"{hazard['url']}assess/", stage=stage, **rating)


async def close_the_others(page: Page, project: str, log: Log) -> None:
    await bulk_close(page, project, log)
    await expect(page.get_by_text("The hazards that you chose are changed")).to_be_visible()
    await page.get_by_role("link", name="Remove the filter Status: Open").click()
    await expect(page.get_by_role("region", name="Hazards").get_by_text("Closed", exact=True)).to_have_count(
        log.hazards
    )


async def everything_is_closed(page: Page, project: str, log: Log) -> None:
    await page.goto(project)
    statuses = page.get_by_role("table", name="By status")
    await expect(statuses.get_by_role("row", name=f"Closed {log.hazards}")).to_be_visible()
    await expect(statuses.get_by_role("row", name="Open 0")).to_be_visible()
    waits = page.get_by_role("region", name="Needs attention")
    for tile in ("0 Stale acceptances", "0 Not assessed", "0 Rated unacceptable (levels 4 and 5)"):
        await expect(waits.get_by_role("listitem").filter(has_text=tile)).to_be_visible()


async def stored(page: Page, url: str, field: str) -> Any:
    answer = await page.request.get(url)
    assert answer.ok, await answer.text()
    return (await answer.json())[field]


async def say(page: Page, url: str, **fields: str) -> None:
    answer = await page.request.post(url, data=fields)
    assert answer.ok, await answer.text()


def project_of(hazard: str) -> str:
    return hazard.partition("hazards/")[0]
