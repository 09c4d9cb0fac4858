"""Looking changes nothing: every GET leaves every table as it was (RFC 9110, 9.2.1; OWASP ASVS 5.0, 3.5.3)."""

import pytest
from fastapi import FastAPI

from models.enumerations import Role, Visibility
from tests.authentication import stored
from tests.authentication.stage import KINDS, Kind, operations, staged
from tests.authentication.writes import everything
from tests.clients import PAGE

LIVE = "/account/events/"
"""A stream has no end that could be waited for; it holds no connection and writes nothing (tests of its own)."""

LOOKERS = {"everything": Kind(Role.OWNER, administrator=True), "little": KINDS["stranger"]}
"""By what they may see: each page, or what everyone has, so that a look that is refused changes nothing either."""


@pytest.mark.parametrize("sees", LOOKERS)
@pytest.mark.parametrize("headers", [{}, PAGE], ids=["program", "browser"])
async def test_asvs_3_5_3_no_get_changes_anything(app: FastAPI, sees: str, headers: dict[str, str]) -> None:
    async with staged(app, LOOKERS[sees]) as stage:
        await stage.sign_in()
        assert stage.user_id
        session = await stored.session_id(stage.user_id)
        parameters = await stage.parameters(Visibility.PRIVATE, session)
        paths = [found.url.format_map(parameters) for found in operations(app) if "GET" in found.methods]
        paths.remove(LIVE)
        before, statuses = await everything(), []
        for path in paths:
            statuses.append((await stage.client.get(path, headers=headers)).status_code)
            assert await everything() == before, path
    shown = len([status for status in statuses if status < 400]) / len(paths)
    assert shown > 0.8 if sees == "everything" else shown < 0.5
