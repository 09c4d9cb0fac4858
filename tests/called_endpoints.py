"""Notes which endpoints the tests call, so that a whole run fails on one that none of them called (Zulip's idea).

A call counts when it succeeded; one that changes something must also have left an audit entry. Tests that sweep over
every endpoint do not count, as they know of none what it is for.
"""

import os
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

import endpoints
from endpoints.__main__ import Row, rows
from endpoints._loader import load
from endpoints._tree import Tree
from models.audit import audit

SWEEPS = (
    "tests/authentication/test_access.py",
    "tests/endpoints/projects/test_permissions.py",
    "tests/endpoints/test_odd_values.py",
)
NARROWING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly")
SAFE = {"GET", "HEAD"}
TELL_NOTHING = {"endpoints/account/drafts/index.py", "endpoints/account/drafts/discard.py"}
"""What nobody has sent yet is no change of anything that history tells of."""
entries: ContextVar[list[int] | None] = ContextVar("entries", default=None)


@dataclass
class Calls:
    """Method and file of each endpoint that was called with success, and of each that left an audit entry."""

    succeeded: set[tuple[str, str]] = field(default_factory=set)
    audited: set[tuple[str, str]] = field(default_factory=set)

    def note(self, method: str, file: str, status: int, written: int) -> None:
        if status < 400 and not os.environ.get("PYTEST_CURRENT_TEST", "").startswith(SWEEPS):
            self.succeeded.add((method, file))
            if written:
                self.audited.add((method, file))

    def problems(self, table: list[Row]) -> Iterator[str]:
        for method, url, _, file in table:
            if (method, file) not in self.succeeded:
                yield f"no test calls {method} {url} with success ({file})"
            elif method not in SAFE and file not in TELL_NOTHING and (method, file) not in self.audited:
                yield f"{method} {url} leaves no audit entry in any test ({file})"


calls = Calls()
serve, append = Tree.handle, audit.append


async def noting_serve(self: Tree, scope: Scope, receive: Receive, send: Send) -> None:
    statuses: list[int] = []
    written: list[int] = []

    async def noting_send(message: Message) -> None:
        statuses.append(message.get("status", 0))
        await send(message)

    entries.set(written)
    await serve(self, scope, receive, noting_send)
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    found = scope["node"].operations.get(method)
    if found:
        calls.note(method, found.file, statuses[0], sum(written))


async def noting_append(actor: audit.Actor, *changes: audit.Change, **options: Any) -> None:
    await append(actor, *changes, **options)
    if (written := entries.get()) is not None:
        written.append(len(changes))


Tree.handle, audit.append = noting_serve, noting_append  # type: ignore[method-assign]


def is_whole(config: pytest.Config) -> bool:
    """Whether every test was asked for."""
    asked = {(config.invocation_params.dir / argument).resolve() for argument in config.args}
    return asked == {config.rootpath / "tests"} and not any(config.getoption(name, None) for name in NARROWING)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of pytest-xdist has ended and hands over what it noted."""
    for name, noted in getattr(node, "workeroutput", {}).get("called_endpoints", {}).items():
        getattr(calls, name).update(map(tuple, noted))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        noted = {name: sorted(map(list, found)) for name, found in vars(calls).items()}
        config.workeroutput["called_endpoints"] = noted
    elif exitstatus == pytest.ExitCode.OK and is_whole(config):
        problems = list(calls.problems(rows(load(endpoints))))
        config.stash[PROBLEMS] = problems
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if problems else pytest.ExitCode.OK


PROBLEMS = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for problem in config.stash.get(PROBLEMS, []):
        terminalreporter.write_line(f"FAILED: {problem}", red=True)
