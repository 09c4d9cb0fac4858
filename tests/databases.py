"""A migrated database of its own for every test: a copy of one template, made by the real migrations once."""

import asyncio
import itertools
import shutil
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import asyncpg

from migrations.run import upgrade
from tests.postgresql import Server

T = TypeVar("T")


class Databases(Protocol):
    def create(self, *, empty: bool = False, like: str = "") -> str:
        """The URL of a new database: without tables when empty, or a copy of one that nobody uses now."""

    def drop(self, url: str) -> None: ...

    def close(self) -> None: ...


class SqliteDatabases:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = map("test{}.db".format, itertools.count())
        self._template = folder / "template.db"
        with _LoopThread() as loop:
            loop.run(upgrade(f"sqlite:///{self._template}"))

    def create(self, *, empty: bool = False, like: str = "") -> str:
        path = self._folder / next(self._names)
        if not empty:
            shutil.copyfile(like.removeprefix("sqlite:///") or self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self._folder.glob(f"{Path(url).name}*"):
            path.unlink()

    def close(self) -> None:
        shutil.rmtree(self._folder)


class PostgresqlDatabases:
    def __init__(self) -> None:
        self._names = map("test{}".format, itertools.count())
        self._loop = _LoopThread()
        self._server = Server()
        try:
            self._server.start()
            self._admin = self._loop.run(asyncpg.connect(self._server.url()))
            self._execute("CREATE DATABASE template")
            self._loop.run(upgrade(self._server.url("template")))
        except BaseException:
            self.close()
            raise

    def _execute(self, statement: str) -> None:
        self._loop.run(self._admin.execute(statement))

    def create(self, *, empty: bool = False, like: str = "") -> str:
        name = next(self._names)
        source = _name(like) or ("template0" if empty else "template")
        self._execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
        return self._server.url(name)

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def close(self) -> None:
        self._server.remove()
        self._loop.close()


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


class _LoopThread:
    """An event loop beside the test's: a fixture may be asked for inside a running loop as well as outside one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
