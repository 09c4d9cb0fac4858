"""Keeps the content of evidence outside the database, each object under its SHA-256: in a folder, or in a bucket.

An object is written before the row that names it. What a crash leaves is an object that no row names, which the
clean-up removes, never a row without its object.
"""

import asyncio
import hashlib
import logging
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from config import Settings
from errors import Unavailable
from models.storage.database import database

CHUNK = 1024 * 1024
"""Bytes that are read and sent at once."""
TIMEOUT = "20s"
SHA256 = 64
"""Letters of a hash."""
MARK = "belongs-to"
LOCK = 0x65766964
"""Of whoever relies on an object while a row is stored, against who removes what no row names; any number will do."""

log = logging.getLogger(__name__)

SILENT = "The store of files did not answer. Nothing was stored. Wait a moment, then try again."
ASTRAY = (
    "This file cannot be had from the store at the moment. Its record is as it was. "
    "Tell those who run this service; the log has the details."
)


def place(sha256: str) -> str:
    """Two letters make folders that stay small."""
    return f"{sha256[:2]}/{sha256}"


class EvidenceStore:
    """Configured when the application starts, and opened at the first use."""

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self._opened: LocalStore | S3Store | None = None

    def configure(self, settings: Settings) -> None:
        self.settings, self._opened = settings, None

    @property
    def objects(self) -> LocalStore | S3Store:
        if self.settings is None:
            raise RuntimeError("the store is not configured: call evidence_store.configure(settings) first")
        if self._opened is None:
            with answering():
                self._opened = opened(self.settings)
        return self._opened

    @property
    def folder(self) -> Path | None:
        """None for a bucket."""
        return self.objects.prefix if isinstance(self.objects, LocalStore) else None

    async def keep(self, sha256: str, size: int, content: BinaryIO) -> None:
        """Store a content that has this hash; nobody sees a part of it. Unavailable when it cannot be stored."""
        if await self.size(sha256) == size:
            return
        content.seek(0)
        with answering():
            await self.objects.put_async(place(sha256), content)
        if self.folder:
            await asyncio.to_thread(settle, self.folder / place(sha256))

    async def size(self, sha256: str) -> int | None:
        """Bytes of what is stored under a hash; None when nothing is."""
        with answering():
            try:
                return (await self.objects.head_async(place(sha256)))["size"]
            except FileNotFoundError:
                return None

    async def content(self, sha256: str, size: int) -> AsyncIterator[bytes]:
        """What was stored, in pieces. Unavailable when it is not there or is not what the hash says.

        The last piece is held back until the hash of all is known, so that nobody is given a whole file that is wrong.
        """
        if await self.size(sha256) != size:
            log.error("evidence %s is not in the store, or has another size", sha256)
            raise Unavailable(ASTRAY)
        so_far, waiting = hashlib.sha256(), b""
        with answering(ASTRAY):
            async for piece in (await self.objects.get_async(place(sha256))).stream(CHUNK):
                if waiting:
                    yield waiting
                waiting = bytes(piece)
                so_far.update(waiting)
        if so_far.hexdigest() != sha256:
            log.error("evidence %s has another content in the store than the one that was stored", sha256)
            raise Unavailable(ASTRAY)
        yield waiting

    async def unchanged_since(self, moment: datetime) -> AsyncIterator[list[str]]:
        """The hashes of what was stored before this moment, many at a time."""
        with answering():
            async for found in self.objects.list():
                old = [one["path"] for one in found if one["last_modified"] < moment]
                yield [path[-SHA256:] for path in old if path == place(path[-SHA256:])]

    async def remove(self, hashes: Sequence[str]) -> None:
        with answering(), suppress(FileNotFoundError):
            await self.objects.delete_async([place(sha256) for sha256 in hashes])

    async def mark(self) -> str | None:
        """Whose the store is, as `set_mark` said; None when nobody has."""
        with answering():
            try:
                return bytes(await (await self.objects.get_async(MARK)).bytes_async()).decode()
            except FileNotFoundError:
                return None

    async def set_mark(self, name: str) -> None:
        with answering():
            await self.objects.put_async(MARK, name.encode())

    async def remove_unfinished(self, moment: datetime) -> None:
        """In a folder, what was being written when a process died before this moment; a bucket has rules for that."""
        if self.folder:
            await asyncio.to_thread(remove_staged, self.folder, moment)


def opened(settings: Settings) -> LocalStore | S3Store:
    place = settings.EVIDENCE_STORE
    if not place.startswith("s3://"):
        folder = unquote(urlsplit(place).path) if "://" in place else place
        return LocalStore(Path(folder).absolute(), mkdir=True)
    given: dict[str, Any] = {
        "region": settings.EVIDENCE_S3_REGION,
        "endpoint": settings.EVIDENCE_S3_ENDPOINT,
        "access_key_id": settings.EVIDENCE_S3_ACCESS_KEY_ID,
        "secret_access_key": settings.EVIDENCE_S3_SECRET_ACCESS_KEY,
    }
    options: Any = {"timeout": TIMEOUT, "allow_http": settings.EVIDENCE_S3_ENDPOINT.startswith("http://")}
    retries: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
    return S3Store.from_url(
        place, client_options=options, retry_config=retries, **{name: value for name, value in given.items() if value}
    )


@contextmanager
def answering(otherwise: str = SILENT) -> Iterator[None]:
    """What a store raises when it cannot do its part, as one error; its own words may name keys, so none are told."""
    try:
        yield
    except (BaseError, OSError, TimeoutError) as error:
        log.error("the store of evidence failed: %s", type(error).__name__)  # noqa: TRY400 - its words may name keys
        raise Unavailable(otherwise) from error


def settle(path: Path) -> None:
    """On the disk, name and content, before a row says so: a power cut must not leave a row without its object."""
    for part in (path, path.parent):
        number = os.open(part, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def remove_staged(folder: Path, moment: datetime) -> None:
    """Obstore writes beside the place, with # and a number after the name, and lists no such file."""
    for path in folder.glob("??/*#*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < moment.timestamp():
                path.unlink()


async def relying(*, alone: bool = False) -> None:
    """Until the commit: objects that are there stay there, or, `alone`, nobody relies on one. SQLite has one writer."""
    if database.is_postgresql:
        lock = sa.func.pg_advisory_xact_lock if alone else sa.func.pg_advisory_xact_lock_shared
        async with database.connection() as connection:
            await connection.execute(sa.select(lock(LOCK)))


evidence_store = EvidenceStore()
