"""The main acts with keys alone: focus is always somewhere, always seen, and goes on where the act left it."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_sessions import make_project
from tests.browser.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST = 150
"""Stops of the longest page on the way to any of its controls."""
HERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const label = at.labels?.[0];
  const drawn = (part, pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return [style.boxShadow, style.outline, style.backgroundColor, style.borderColor, style.borderWidth].join();
  };
  const parts = [at, ...at.querySelectorAll("*")];
  const look = () => [...parts.map((part) => drawn(part)), label ? drawn(label, "::before") : ""].join();
  const focused = look();
  at.blur();
  const resting = look();
  at.focus({ preventScroll: true });
  const box = at.getBoundingClientRect();
  const middle = [box.left + Math.min(box.width, innerWidth) / 2, Math.max(box.top, 0) + 2];
  return {
    name: (label ?? at).textContent.trim() || at.ariaLabel || at.name || at.id,
    marked: focused !== resting,
    seen: box.bottom > 0 && box.top < innerHeight && middle[0] > 0 && middle[0] < innerWidth && box.width > 0,
  };
}"""


async def step(page: Page, key: str = "Tab") -> str:
    """Press it; the name of what has the focus then, which people can see."""
    await page.keyboard.press(key)
    here: dict[str, Any] | None = await page.evaluate(HERE)
    assert here, f"{key} lost the focus on {page.url}"
    assert (here["marked"], here["seen"]) == (True, True), here
    return str(here["name"])


async def reach(page: Page, name: str) -> None:
    """Tab until the focus is on what begins so; everything on the way must show that it has the focus."""
    passed = []
    for _ in range(MOST):
        passed.append(await step(page))
        if passed[-1].startswith(name):
            return
    pytest.fail(f"{name} was not reached by way of {passed}")


async def go(page: Page, name: str, heading: str) -> None:
    """Reach it, press Enter, and be where that leads."""
    await reach(page, name)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


async def write(page: Page, label: str, text: str) -> None:
    await reach(page, label)
    await page.keyboard.type(text)


async def choose(page: Page, first: str, downs: int, chosen: str) -> None:
    """One of a group of radio buttons: Tab reaches its first, Space takes it, arrows go on."""
    await reach(page, first)
    await page.keyboard.press("Space")
    for _ in range(downs):
        await step(page, "ArrowDown")
    await expect(page.get_by_label(chosen, exact=True)).to_be_checked()


async def test_a_hazard_is_assessed_accepted_and_closed(visits: Visits) -> None:
    page = await visits.open("morgan")
    project = await make_project(page)
    [hazard] = (await (await page.request.get(f"{project}hazards/")).json())["data"]
    await page.goto(hazard["url"])
    assert await step(page) == "Skip to main content"
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()

    await go(page, "Assess", "Assess the risk")
    await choose(page, "Catastrophic", 4, "Minor")
    await write(page, "Why this severity", "An inconvenience")
    await choose(page, "Very high", 3, "Low")
    await write(page, "Why this likelihood", "Seen once")
    await go(page, "Record assessment", "Late result")
    await expect(page.get_by_role("region", name="Initial risk")).to_contain_text("1 Acceptable")

    await go(page, "Accept the risk", "Accept the risk")
    for label in ("Why the risk is acceptable", "Alternatives considered", "Clinical judgement"):
        await write(page, label, "Worth it")
    await go(page, "Accept the risk", "Late result")
    await expect(page.get_by_text("Morgan Example, Clinical Safety Officer,")).to_be_visible()

    await go(page, "Close", "Close")
    await write(page, "Justification", "Nothing is left to do")
    await go(page, "Close", "Late result")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Closed")


async def test_all_that_a_filter_finds_are_changed(visits: Visits) -> None:
    page = await visits.open("morgan")
    project = await make_project(page)
    for name in ("Late letter", "Wrong dose", "Late call"):
        assert (await page.request.post(f"{project}hazards/create/", data={"name": name})).ok
    await page.goto(f"{project}hazards/?search=late&limit=2")
    await reach(page, "Open")
    await page.keyboard.press("Space")
    await expect(page.get_by_role("link", name="Remove the filter Status: Open")).to_be_visible()
    await expect(page.get_by_label("Open", exact=True)).to_be_focused()
    await reach(page, "All 3 that the filter finds")
    await page.keyboard.press("Space")
    await reach(page, "Change chosen hazards")
    await page.keyboard.press("ArrowDown")
    await go(page, "Continue", "Add a type")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("3 hazards")
    await reach(page, "Type that all of them get")
    await page.keyboard.type("data")
    await write(page, "Justification", "As the group agreed")
    await go(page, "Add a type: 3 hazards", "Hazard log")
    found = (await (await page.request.get(f"{project}hazards/")).json())["data"]
    assert {hazard["name"]: len(hazard["types"]) for hazard in found} == {
        "Late result": 1,
        "Late letter": 1,
        "Wrong dose": 0,
        "Late call": 1,
    }


async def test_a_hazard_is_written_with_the_severity_that_was_found(visits: Visits) -> None:
    page = await visits.open("morgan", javascript=False)
    project = await make_project(page)
    await page.goto(f"{project}hazards/create/")
    await write(page, "Description", "The chart is late")
    await reach(page, "Find the severity by harm")
    await page.keyboard.press("Enter")
    await choose(page, "Death", 0, "Death")
    await choose(page, "One", 1, "Several")
    await reach(page, "Find the severity")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").filter(has_text="Catastrophic severity")).to_be_in_viewport()
    await expect(page.get_by_label("Severity", exact=True)).to_have_value("catastrophic")
    await reach(page, "Likelihood")
    await page.keyboard.press("ArrowDown")
    await page.get_by_label("Name", exact=True).focus()
    await page.keyboard.type("Late chart")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Late chart")
    await expect(page.get_by_role("region", name="Initial risk")).to_contain_text("3 Undesirable")


async def test_a_focus_that_nobody_sees_is_noticed(visits: Visits) -> None:
    page = await visits.open()
    await page.goto("/auth/login/")
    await reach(page, "Email address")
    await page.keyboard.press("Shift+Tab")
    for name in ("outline", "box-shadow", "border"):
        await page.get_by_label("Email address").evaluate(
            "(box, name) => box.style.setProperty(name, 'none', 'important')", name
        )
    with pytest.raises(AssertionError, match="Email address"):
        await step(page)
