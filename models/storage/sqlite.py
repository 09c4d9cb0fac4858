"""Opens SQLite files the way Turva needs them, and closes them whatever happens to the task that asked."""

import asyncio
import sqlite3
from functools import partial
from typing import Any

import aiosqlite

# Not trusted_schema=OFF: triggers that keep a full-text table would fail.
PRAGMAS = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL")

# Rows that a stream fetches at once; aiosqlite's own default.
CHUNK = 64


class Connection(aiosqlite.Connection):
    """Survives a second cancellation while SQLAlchemy closes it after the first.

    aiosqlite 0.22 then stops its thread without closing the file, and a lock that was held stays for ever.
    """

    def __init__(self, path: str, **options: Any) -> None:
        self._files: list[sqlite3.Connection] = []
        self._stopped = False
        files = self._files

        def open_file() -> sqlite3.Connection:
            files.append(sqlite3.connect(path, **options))
            for pragma in PRAGMAS:
                files[0].execute(f"PRAGMA {pragma}").close()
            files[0].create_function("lower", 1, lower, deterministic=True)
            return files[0]

        super().__init__(open_file, CHUNK)
        # A program that forgets to disconnect must still be able to end.
        self._thread.daemon = True

    def stop(self) -> asyncio.Future[Any] | None:
        if self._stopped:
            return None
        self._stopped = True
        self._tx.put_nowait((None, partial(_close_all, self._files)))
        return super().stop()


def lower(text: str | None) -> str | None:
    """SQLite's own knows the letters of ASCII only, so a search in another case would miss others."""
    return None if text is None else str(text).lower()


def _close_all(files: list[sqlite3.Connection]) -> None:
    for file in files:
        file.close()
