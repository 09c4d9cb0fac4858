"""The product as people meet it: the real server in a process of its own, on a database that has some people in it."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, StorageState

from authentication.passwords import Passwords
from config import load_settings
from models.audit.audit import COMMAND_LINE
from models.storage.database import database
from models.users import accounts
from tests.clients import PASSWORD, environment
from tests.databases import Databases

ROOT = Path(__file__).parents[2]
PEOPLE = {
    "morgan": {"is_cso": True},
    "sasha": {},  # tests end all sessions of Sasha: sign in alone
    "robin": {"is_administrator": True, "is_cso": True},
    "vic": {},
    "pat": {},
    "lee": {},
    "kim": {"is_cso": True},  # is shut out by a test; nobody else may sign in as Kim
}
START_SECONDS = 60
STILL_RECENT = 180
"""Seconds for which a page that asks for recent proof (RECENT, 5 minutes) is shown without asking again."""
SERVES = "Application startup complete"


@dataclass
class Site:
    url: str
    said: list[str] = field(default_factory=list)
    signed_in: dict[str, tuple[float, StorageState]] = field(default_factory=dict)

    async def sign_in(self, chromium: Browser, who: str) -> StorageState:
        """What a browser keeps of somebody who has just signed in; kept for a while, as it costs a second each time."""
        made, state = self.signed_in.get(who, (0.0, None))
        if state is None or time.monotonic() - made > STILL_RECENT:
            context = await chromium.new_context(base_url=self.url)
            body = {"email_address": f"{who}@example.org", "password": PASSWORD}
            answer = await context.request.post("/auth/login/", data=body)
            assert answer.ok, await answer.text()
            state = await context.storage_state()
            self.signed_in[who] = (time.monotonic(), state)
            await context.close()
        return state


@asynccontextmanager
async def running(databases: Databases) -> AsyncIterator[Site]:
    """A site that serves; it must stop without having logged an error."""
    database_url = databases.create()
    await people_it(database_url)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    url = f"http://localhost:{port}"  # browsers have no passkeys for a number
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "main.py",
        "serve",
        cwd=ROOT,
        # All tests sign in as the same few people: the eleventh session would end the one they share.
        env={**os.environ, **environment(database_url, PORT=port, PUBLIC_URL=url, SESSIONS_PER_USER="1000")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    site = Site(url)
    serves = asyncio.Event()
    listening = asyncio.create_task(listen(process, site, serves))
    try:
        await asyncio.wait_for(serves.wait(), START_SECONDS)
        assert SERVES in "".join(site.said), "".join(site.said)
        yield site
    finally:
        if process.returncode is None:
            process.terminate()
        await listening
        await process.wait()
        databases.drop(database_url)
    assert not [line for line in site.said if " ERROR " in line or "Traceback" in line], "".join(site.said)


async def people_it(database_url: str) -> None:
    settings = load_settings(environment(database_url))
    database.configure(database_url)
    await database.connect()
    passwords = Passwords(settings)
    hashed = await passwords.hash(PASSWORD)
    for name, changes in PEOPLE.items():
        flags = {"is_verified": True, "is_administrator": False, "is_cso": False, **changes}
        names = {"first_name": name.title(), "last_name": "Example"}
        await accounts.create(COMMAND_LINE, email_address=f"{name}@example.org", password_hash=hashed, **names, **flags)
    passwords.close()
    await database.disconnect()


async def listen(process: asyncio.subprocess.Process, site: Site, serves: asyncio.Event) -> None:
    """Keep what the server says, so that its pipe never fills; the event also when it ends before it serves."""
    assert process.stdout
    async for line in process.stdout:
        site.said.append(line.decode())
        if SERVES in site.said[-1]:
            serves.set()
    serves.set()
