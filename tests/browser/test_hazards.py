"""Working in a log: editors lose nothing, refused forms keep their text, hostile text is text, paper shows it all."""

from typing import Any, cast

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_sessions import make_project
from tests.browser.visits import PHONE, Visits
from tests.clients import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ATTACK = "<script>alert(1)</script>"


async def first_hazard(page: Page, project: str) -> str:
    answer = await page.request.get(f"{project}hazards/")
    url: str = (await answer.json())["data"][0]["url"]
    return url


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
async def test_the_second_of_two_editors_keeps_their_text(visits: Visits, javascript: bool) -> None:
    visits.expect(409)
    mine, theirs = await visits.open("morgan", javascript=javascript), await visits.open("morgan")
    hazard = await first_hazard(mine, await make_project(mine))
    for page in (mine, theirs):
        await page.goto(f"{hazard}edit/")
    await theirs.get_by_label("Effect").fill("Their effect")
    await theirs.get_by_role("button", name="Save").click()
    await expect(theirs.get_by_role("heading", level=1)).to_contain_text("Late result")

    await mine.get_by_label("Effect").fill("My effect")
    await mine.get_by_label("Causes").fill("One cause\nand another")
    await mine.get_by_role("button", name="Save").click()
    await expect(mine.get_by_role("alert").filter(has_text="Somebody else changed this hazard")).to_be_visible()
    effect = mine.get_by_role("region", name="Effect")
    await expect(effect.get_by_label("Effect to be stored")).to_have_value("My effect")
    await expect(effect.get_by_text("Their effect")).to_be_visible()
    await expect(effect.get_by_text("Changed by Morgan Example")).to_be_visible()
    await expect(mine.get_by_label("Entry 2")).to_have_value("and another")
    await expect(mine.get_by_role("region", name="Harm")).to_have_count(0)
    if not javascript:
        await effect.get_by_label("What is stored now").check()
    else:
        await effect.get_by_label("Mine").check()
        await effect.get_by_label("Effect to be stored").fill("Our effect")
        await expect(effect.get_by_label("What is in the box below")).to_be_checked()

    await mine.get_by_role("button", name="Save").click()
    await expect(mine.get_by_text("Our effect" if javascript else "Their effect")).to_be_visible()
    await expect(mine.get_by_text("and another").first).to_be_visible()
    await expect(mine.get_by_text("Version 3")).to_be_visible()


async def end_sessions(page: Page) -> None:
    """The server forgets that the browser is signed in, and the browser keeps its cookie."""
    cookies = await page.context.cookies()
    assert (await page.request.post("/auth/logout/")).ok
    await page.context.add_cookies(cast("Any", cookies))


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
async def test_a_session_that_ends_in_mid_typing_costs_no_word(visits: Visits, javascript: bool) -> None:
    visits.expect(401)
    page = await visits.sign_in_alone("sasha", javascript=javascript)
    project = await make_project(page)
    await page.goto(f"{project}hazards/create/")
    await page.get_by_label("Name").fill("Late result")
    await page.get_by_label("Description").fill("Two lines\nof text")
    if javascript:
        await expect(page.get_by_text("It is not saved yet.")).to_be_visible()
    await end_sessions(page)
    await page.get_by_label("Effect", exact=True).fill("On care")
    await page.get_by_role("button", name="Record hazard").click()
    await expect(page.get_by_text("What you typed is kept on this page")).to_be_visible()
    await page.get_by_label("Email address").fill("sasha@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("This is what you typed")).to_be_visible()
    await expect(page.get_by_label("Description")).to_have_value("Two lines\nof text")
    await expect(page.get_by_label("Effect", exact=True)).to_have_value("On care")
    await page.get_by_role("button", name="Record hazard").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Late result")
    await page.goto(f"{project}hazards/create/")
    await expect(page.get_by_label("Name")).to_have_value("")
    await expect(page.get_by_text("We kept what you typed")).to_have_count(0)


async def test_what_was_kept_while_typing_is_offered_again(visits: Visits) -> None:
    page = await visits.sign_in_alone("sasha")
    place = f"{await make_project(page)}hazards/create/"
    await page.goto(place)
    await page.get_by_label("Description").fill("Half a thought")
    await expect(page.get_by_text("It is not saved yet.")).to_be_visible()
    await page.goto(place)
    await expect(page.get_by_label("Description")).to_have_value("")
    await page.get_by_role("link", name="Use it").click()
    await expect(page.get_by_label("Description")).to_have_value("Half a thought")
    await page.get_by_role("button", name="Discard what I typed").click()
    await expect(page.get_by_label("Description")).to_have_value("")
    await expect(page.get_by_text("We kept what you typed")).to_have_count(0)


async def test_a_refused_form_keeps_its_text_and_leads_to_what_is_wrong(visits: Visits) -> None:
    visits.expect(422)
    page = await visits.open("morgan")
    await page.goto(f"{await make_project(page)}hazards/create/")
    await page.get_by_label("Description").fill("Two lines\nof text")
    await page.get_by_label("Severity", exact=True).select_option("major")
    await page.get_by_role("button", name="Record hazard").click()
    await expect(page).to_have_title("Error: New hazard - Ward round - Turva")
    await expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    await expect(page.get_by_label("Description")).to_have_value("Two lines\nof text")
    await expect(page.get_by_label("Severity", exact=True)).to_have_value("major")
    await page.get_by_role("link", name="Enter a name").click()
    await expect(page.get_by_label("Name")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
async def test_several_hazards_are_written_one_after_another(visits: Visits, javascript: bool) -> None:
    visits.expect(422)
    page = await visits.open("morgan", javascript=javascript)
    project = await make_project(page)
    await page.goto(f"{project}hazards/create/")
    another = page.get_by_role("button", name="Record and write another")
    for name in ("Wrong dose", "Wrong patient"):
        await another.click()  # without a name it is refused, and asks again for the same
        await expect(page.locator(".nhsuk-error-summary")).to_be_visible()
        await page.get_by_label("Name").fill(name)
        await another.click()
        await expect(page.get_by_text("It is recorded.")).to_be_visible()
        await expect(page.get_by_label("Name")).to_have_value("")
    await another.click()
    await page.get_by_label("Name").fill("Wrong time")
    await page.get_by_role("button", name="Record hazard").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("HAZ-004 Open Wrong time")


async def test_a_cause_of_several_lines_stays_one_cause(visits: Visits) -> None:
    page = await visits.open("morgan")
    hazard = await first_hazard(page, await make_project(page))
    body = {"version": 1, "causes": ["Two charts\nare open", "A tablet is handed over"], "condition": "fault"}
    assert (await page.request.post(f"{hazard}edit/", data=body)).ok
    await page.goto(f"{hazard}edit/")
    await page.get_by_label("Cause 2").fill("")
    await page.get_by_role("button", name="Add another cause").click()
    await page.keyboard.type("The list is sorted by bed")
    await page.get_by_label("Not known").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Version 3")).to_be_visible()
    stored = await (await page.request.get(hazard)).json()
    assert stored["causes"] == ["Two charts\nare open", "The list is sorted by bed"]
    assert stored["condition"] is None


async def test_the_level_of_a_choice_is_told_before_it_is_sent(visits: Visits) -> None:
    page = await visits.open("morgan")
    hazard = await first_hazard(page, await make_project(page))
    await page.goto(f"{hazard}assess/")
    await page.get_by_label("Catastrophic", exact=True).check()
    await expect(page.locator("#chosen")).to_have_text("")
    await page.get_by_label("Very low", exact=True).check()
    await expect(page.locator("#chosen")).to_have_text("Your choice makes risk level 3 Undesirable.")
    await expect(page.locator(".app-matrix__chosen")).to_have_text("3")


async def test_a_cell_of_the_matrix_leads_to_its_hazards_and_stays_while_filtering(visits: Visits) -> None:
    page = await visits.open("morgan")
    project = await make_project(page)
    rated = {"name": "Wrong dose", "severity": "major", "likelihood": "high"}
    assert (await page.request.post(f"{project}hazards/create/", data=rated)).ok
    await page.goto(project)
    await page.get_by_role("link", name="1 hazard, severity major, likelihood high, risk level 4").click()
    results = page.get_by_role("region", name="Hazards")
    await expect(results.get_by_role("row")).to_have_count(2)
    await page.get_by_label("Open", exact=True).check()
    await expect(results.get_by_role("link", name="Status: Open")).to_be_visible()
    await expect(results.get_by_role("link", name="Severity: Major")).to_be_visible()
    await expect(results.get_by_role("row")).to_have_count(2)


async def test_hostile_names_are_shown_as_text(visits: Visits) -> None:
    page = await visits.open("morgan")
    project = await make_project(page, ATTACK)
    hazard = await first_hazard(page, project)
    body = {"version": 1, "name": ATTACK, "owner": ATTACK, "types": ["Allergy"], "causes": [ATTACK, "=1+1"]}
    assert (await page.request.post(f"{hazard}edit/", data=body)).ok
    for place in (project, f"{project}hazards/", hazard, f"{hazard}edit/", f"{hazard}history/"):
        await page.goto(place)
        await expect(page.get_by_role("main")).to_contain_text(ATTACK)


async def test_a_name_that_turns_the_direction_turns_itself_alone(visits: Visits) -> None:
    """U+202E makes what follows run from right to left."""
    page = await visits.open("morgan")
    project = await make_project(page)
    made = await page.request.post(f"{project}hazards/create/", data={"name": "\u202eLate"})
    hazard = (await made.json())["url"]
    await page.goto(f"{hazard}accept/")
    # The name is in the first part of the heading; what follows it is neither turned nor moved before it.
    heading = page.locator("h1")
    assert await heading.locator("span").evaluate("part => getComputedStyle(part).unicodeBidi") == "isolate"
    first, last = [await heading.evaluate(PLACE_OF, sign) for sign in ("A", "k")]
    assert first < last
    # Neither does what came in turn what stays.
    await page.request.post(f"{hazard}edit/", data={"version": 1, "name": "Late \u202eResult"})
    await page.goto(f"{hazard}history/")
    piece = page.locator("ins, del").first
    assert await piece.evaluate("part => getComputedStyle(part).unicodeBidi") == "isolate"


PLACE_OF = """(heading, sign) => {
  const text = heading.lastChild, at = sign === "A" ? text.data.indexOf("Accept") : text.data.indexOf("risk") + 3;
  const range = document.createRange();
  range.setStart(text, at); range.setEnd(text, at + 1);
  return range.getBoundingClientRect().left;
}"""


async def test_the_filter_does_not_hide_the_results_on_a_phone(visits: Visits) -> None:
    page = await visits.open("morgan", width=PHONE)
    await page.goto(f"{await make_project(page)}hazards/")
    await expect(page.get_by_label("Closed", exact=True)).to_be_hidden()
    await expect(page.get_by_role("link", name="Late result")).to_be_in_viewport()
    await page.get_by_text("Filter", exact=True).click()
    await page.get_by_label("Closed", exact=True).check()
    await expect(page.get_by_role("region", name="Hazards")).to_contain_text("No hazards found")


async def test_a_failed_request_says_so_and_changes_nothing(visits: Visits) -> None:
    visits.expect(500)
    page = await visits.open("morgan")
    await page.goto(f"{await make_project(page)}hazards/")
    await page.route("**/hazards/?*", lambda route: route.fulfill(status=500, body="<h1>broken</h1>"))
    await page.get_by_label("Closed", exact=True).check()
    await expect(page.get_by_role("alert").filter(has_text="there is a problem with the service")).to_be_visible()
    await expect(page.get_by_role("link", name="Late result")).to_be_visible()


async def test_paper_has_the_record_and_none_of_the_controls(visits: Visits) -> None:
    page = await visits.open("morgan")
    project = await make_project(page)
    await page.emulate_media(media="print")
    for place in (f"{project}hazards/", await first_hazard(page, project)):
        await page.goto(place)
        await expect(page.get_by_text("Late result").first).to_be_visible()
        for control in (".nhsuk-button", ".app-filter", ".nhsuk-breadcrumb", ".nhsuk-header__account"):
            assert not any([await found.is_visible() for found in await page.locator(control).all()]), control
        links = "[...document.querySelectorAll('main a')].map(a => getComputedStyle(a, '::after').content)"
        assert set(await page.evaluate(links)) <= {"none", "normal", '""'}
        assert (await page.pdf()).startswith(b"%PDF")


async def test_a_table_stays_a_table_on_paper_that_is_as_narrow_as_a_phone(visits: Visits) -> None:
    page = await visits.open("morgan", width=PHONE)
    await page.goto(f"{await make_project(page)}hazards/")
    [row, head] = [page.locator(f"#hazards {part}").first for part in ("tbody tr", "thead")]
    shape = "part => getComputedStyle(part).display"
    assert (await row.evaluate(shape), await head.evaluate(shape)) == ("flex", "block")
    await page.emulate_media(media="print")
    assert (await row.evaluate(shape), await head.evaluate(shape)) == ("table-row", "table-header-group")


async def test_forced_colours_keep_the_shape_of_what_colour_alone_would_tell(visits: Visits) -> None:
    page = await visits.open("morgan")
    project = await make_project(page)
    rated = {"name": "Wrong dose", "severity": "major", "likelihood": "high"}
    assert (await page.request.post(f"{project}hazards/create/", data=rated)).ok
    await page.emulate_media(forced_colors="active")
    await page.goto(project)
    for place in (".app-risk", ".app-matrix tbody td"):
        style = "element => getComputedStyle(element).borderTopStyle"
        assert await page.locator(place).first.evaluate(style) == "solid"


async def test_a_long_hazard_is_folded_on_the_screen_and_whole_on_paper(visits: Visits) -> None:
    page = await visits.open("morgan")
    hazard = await first_hazard(page, await make_project(page))
    body = {"version": 1, "causes": [f"Cause number {number}" for number in range(1, 21)]}
    assert (await page.request.post(f"{hazard}edit/", data=body)).ok
    for number in range(1, 8):
        assert (await page.request.post(f"{hazard}comments/create/", data={"body": f"Said {number}"})).ok
    await page.goto(hazard)
    said = [page.get_by_text(f"Said {number}", exact=True) for number in (2, 3)]
    cause = page.get_by_role("listitem").filter(has_text="Cause number 20")
    picture = page.get_by_role("img", name="Bow-tie of HAZ-001")
    assert [await one.is_visible() for one in (*said, cause, picture)] == [False, True, False, False]
    await page.get_by_text("The bow-tie as a picture: 20 causes").click()
    await expect(picture).to_be_visible()
    await page.reload()
    await page.emulate_media(media="print")
    assert [await one.is_visible() for one in (*said, cause, picture)] == [True, True, True, False]
    await page.goto(f"{hazard}bow_tie/")
    await expect(picture).to_be_visible()
