"""Browsers of several people on one site; what a browser complains about fails the test."""

from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from tests.browser.site import Site
from tests.clients import PASSWORD

DESK, PHONE = 1280, 390
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI));
"""


@dataclass
class Visits:
    site: Site
    chromium: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    async def open(self, who: str = "", *, width: int = DESK, javascript: bool = True) -> Page:
        """A page of a browser of its own, signed in as one of the people, or as nobody."""
        context = await self.chromium.new_context(
            base_url=self.site.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            reduced_motion="reduce",
            storage_state=await self.site.sign_in(self.chromium, who) if who else None,
        )
        return await self.page_of(context)

    async def sign_in_alone(self, who: str, *, javascript: bool = True) -> Page:
        """The same with a session that no other test shares, so that it may end."""
        context = await self.chromium.new_context(
            base_url=self.site.url, java_script_enabled=javascript, reduced_motion="reduce"
        )
        body = {"email_address": f"{who}@example.org", "password": PASSWORD}
        assert (await context.request.post("/auth/login/", data=body)).ok
        return await self.page_of(context)

    async def page_of(self, context: BrowserContext) -> Page:
        self.contexts.append(context)
        context.set_default_timeout(30_000)
        await context.add_init_script(TELL_VIOLATIONS)
        page = await context.new_page()
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self.refuse)
        return page

    def expect(self, *statuses: int) -> None:
        """Answers that are no successes and belong to the test; Chromium writes each to its console."""
        self.expected.update(statuses)

    def hear(self, message: ConsoleMessage) -> None:
        told = any(f"responded with a status of {status} " in message.text for status in self.expected)
        if message.type in ("error", "warning") and not told:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    async def refuse(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        await dialog.dismiss()

    async def close(self) -> None:
        for context in self.contexts:
            await context.close()
        assert self.complaints == []
