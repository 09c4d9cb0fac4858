"""The store in a bucket, against a server that speaks S3; runs where TEST_S3_ENDPOINT names one (docs/evidence.md)."""

import hashlib
import os
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from config import load_settings
from errors import Unavailable
from models.evidence.evidence_store import EvidenceStore
from models.storage.columns import utc_now
from tests.clients import environment

ENDPOINT = os.environ.get("TEST_S3_ENDPOINT", "")
BUCKET = os.environ.get("TEST_S3_BUCKET", "turva-tests")
CONTENT = b"All is well.\n" * 1_000_000
"""More than one part of an upload in parts."""
SHA256 = hashlib.sha256(CONTENT).hexdigest()

pytestmark = pytest.mark.skipif(not ENDPOINT, reason="TEST_S3_ENDPOINT names no server that speaks S3")


def bucket(**changes: str) -> EvidenceStore:
    given = {
        "EVIDENCE_STORE": f"s3://{BUCKET}/{uuid4()}",
        "EVIDENCE_S3_ENDPOINT": ENDPOINT,
        "EVIDENCE_S3_REGION": "eu-west-2",
        "EVIDENCE_S3_ACCESS_KEY_ID": "testing",
        "EVIDENCE_S3_SECRET_ACCESS_KEY": "testing",
    }
    opened = EvidenceStore()
    opened.configure(load_settings(environment("sqlite:///unused.db", **given | changes)))
    return opened


async def listed(store: EvidenceStore) -> list[str]:
    later = utc_now() + timedelta(hours=1)
    return [sha256 async for some in store.unchanged_since(later) for sha256 in some]


async def test_the_life_of_an_object() -> None:
    store = bucket()
    assert (await store.size(SHA256), await store.mark(), await listed(store)) == (None, None, [])
    await store.keep(SHA256, len(CONTENT), BytesIO(CONTENT))
    await store.keep(SHA256, len(CONTENT), BytesIO(b"not asked for again"))
    await store.set_mark("ours")
    assert b"".join([piece async for piece in store.content(SHA256, len(CONTENT))]) == CONTENT
    assert (await store.size(SHA256), await store.mark(), await listed(store)) == (len(CONTENT), "ours", [SHA256])
    await store.remove_unfinished(utc_now())
    await store.remove([SHA256])
    assert (await store.size(SHA256), await listed(store)) == (None, [])


async def test_a_bucket_that_is_not_there_or_does_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    for store in (bucket(EVIDENCE_STORE="s3://no-such-bucket/x"), bucket(EVIDENCE_S3_ENDPOINT="http://127.0.0.1:9")):
        with pytest.raises(Unavailable):
            await store.keep(SHA256, len(CONTENT), BytesIO(CONTENT))
    assert "testing" not in caplog.text
