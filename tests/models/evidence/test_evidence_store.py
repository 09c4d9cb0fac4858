"""What no evidence names goes after a day, what is named never; a store serves one database."""

import asyncio
import hashlib
import logging
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from config import Settings
from errors import Unavailable
from models.audit.audit import Actor
from models.enumerations import EvidencePurpose
from models.evidence import evidence_additions, evidence_clean_up
from models.evidence.evidence_about import Targets
from models.evidence.evidence_additions import NewEvidence
from models.evidence.evidence_clean_up import remove_unnamed
from models.evidence.evidence_content import examined
from models.evidence.evidence_store import EvidenceStore, place
from models.projects.projects import Project
from models.storage import scheduled_runs
from models.storage.columns import utc_now
from models.storage.database import Database
from tests.models.samples import make_project

CONTENT = b"All is well"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
LONG_AGO = utc_now() - evidence_clean_up.KEPT - timedelta(hours=1)


def folder(settings: Settings) -> Path:
    return Path(settings.EVIDENCE_STORE)


def age(path: Path) -> None:
    os.utime(path, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))


async def keep(store: EvidenceStore, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    await store.keep(sha256, len(content), BytesIO(content))
    return sha256


async def read(store: EvidenceStore, sha256: str, size: int) -> bytes:
    return b"".join([piece async for piece in store.content(sha256, size)])


async def add(content: bytes, project: Project) -> None:
    file = BytesIO(content)
    new = NewEvidence("Report", content=examined(file, "a.txt"))
    actor = Actor(project.created_by.id)
    await evidence_additions.create(actor, project.id, new, Targets(), EvidencePurpose.SUPPORT, file)


@pytest.fixture
async def marked(store: EvidenceStore, database: Database) -> EvidenceStore:
    """A store that the first clean-up has marked."""
    assert await remove_unnamed() == 0
    return store


async def test_what_is_kept_is_read_again(store: EvidenceStore, settings: Settings) -> None:
    assert await store.size(SHA256) is None
    assert await keep(store, CONTENT) == SHA256
    assert await read(store, SHA256, len(CONTENT)) == CONTENT
    assert (folder(settings) / place(SHA256)).read_bytes() == CONTENT


async def test_what_was_cut_short_on_the_disk_is_stored_anew(store: EvidenceStore, settings: Settings) -> None:
    await keep(store, CONTENT)
    (folder(settings) / place(SHA256)).write_bytes(CONTENT[:3])
    with pytest.raises(Unavailable):
        await read(store, SHA256, len(CONTENT))
    await keep(store, CONTENT)
    assert await read(store, SHA256, len(CONTENT)) == CONTENT


async def test_only_what_is_old_and_named_by_nothing_goes(marked: EvidenceStore, settings: Settings) -> None:
    await add(b"named", await make_project())
    named, old, young = hashlib.sha256(b"named").hexdigest(), await keep(marked, b"old"), await keep(marked, b"young")
    unfinished, beginning = folder(settings) / f"{place(old)}#1", folder(settings) / f"{place(young)}#1"
    for path in (unfinished, beginning):
        path.write_bytes(b"ha")
    for path in (folder(settings) / place(named), folder(settings) / place(old), unfinished):
        age(path)
    assert await remove_unnamed() == 1
    left = {path.name for path in folder(settings).glob("??/*")}
    assert left == {named, young, beginning.name}
    assert await remove_unnamed() == 0


async def test_another_database_removes_nothing(
    marked: EvidenceStore, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    old = await keep(marked, b"old")
    age(folder(settings) / place(old))
    await marked.set_mark("another")
    with caplog.at_level(logging.WARNING):
        assert await remove_unnamed() == 0
    assert "marked as that of another database" in caplog.text
    assert await marked.size(old) == 3


async def test_who_marks_a_store_removes_nothing_yet(
    store: EvidenceStore, database: Database, settings: Settings
) -> None:
    old = await keep(store, b"old")
    age(folder(settings) / place(old))
    assert await remove_unnamed() == 0
    run = await scheduled_runs.last(evidence_clean_up.NAME)
    assert run
    assert run.outcome == {"store": await store.mark()}
    assert await remove_unnamed() == 1


async def test_an_upload_of_what_is_just_being_removed_stores_it_anew(
    marked: EvidenceStore, settings: Settings
) -> None:
    """Whichever is first, no row is left without its object."""
    project = await make_project()
    for number in range(10):
        content = f"content {number}".encode()
        sha256 = await keep(marked, content)
        age(folder(settings) / place(sha256))
        await asyncio.gather(add(content, project), remove_unnamed())
        assert await read(marked, sha256, len(content)) == content


async def test_a_store_must_be_configured() -> None:
    with pytest.raises(RuntimeError, match="not configured"):
        await EvidenceStore().size(SHA256)


async def test_what_a_store_says_is_not_told(
    store: EvidenceStore, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    folder(settings).parent.mkdir(exist_ok=True)
    folder(settings).write_text("in the way")
    with pytest.raises(Unavailable) as refused:
        await keep(store, CONTENT)
    assert str(folder(settings)) not in refused.value.detail + caplog.text
