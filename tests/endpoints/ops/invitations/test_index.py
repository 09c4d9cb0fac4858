"""The list of open invitations: those that still work, the newest first."""

from datetime import timedelta

import sqlalchemy as sa

from authentication.single_use import TOKENS
from models.storage.columns import utc_now
from tests.authentication import stored
from tests.clients import PAGE, Person


async def test_those_that_still_work(administrator: Person) -> None:
    for name in ("first", "second", "late"):
        body = {"email_address": f"{name}@example.org"}
        await administrator.client.post("/ops/invitations/create/", json=body)
    late = TOKENS.c.email_address == "late@example.org"
    await stored.change(sa.update(TOKENS).where(late).values(expires_at=utc_now() - timedelta(seconds=1)))
    found = (await administrator.client.get("/ops/invitations/")).json()
    assert [one["email_address"] for one in found["data"]] == ["second@example.org", "first@example.org"]
    assert found["pagination"]["total"] == 2
    page = (await administrator.client.get("/ops/invitations/?limit=1", headers=PAGE)).text
    assert "second@example.org" in page
    assert f"/ops/invitations/{found['data'][0]['id']}/withdraw/" in page
