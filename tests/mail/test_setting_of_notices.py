"""From a choice in the browser, by a comment, to what a mail server takes: at once, once a day, or never."""

from datetime import timedelta
from pathlib import Path

import pytest

from config import Settings, load_settings
from mail import hazard_notices, worker
from mail.delivery import delivery_of
from tests.clients import Person, SignUp, environment
from tests.mail.mail_server import Post


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Of an application whose letters go to that server, when the test sends them."""
    quiet = {"EVIDENCE_STORE": f"{tmp_path}/evidence", "BACKGROUND_WORK": "false"}
    return load_settings(environment(database_url, **post.settings() | quiet))


@pytest.fixture
async def reader(sign_up: SignUp, owner: Person, project: str) -> Person:
    """A reviewer of the project."""
    made = await sign_up("reader")
    body = {"email_address": made.email_address, "role": "reviewer"}
    assert (await owner.client.post(f"{project}members/create/", json=body)).is_success
    return made


async def test_each_choice_counts_from_the_next_comment_on(  # noqa: PLR0913 - fixtures
    settings: Settings, post: Post, owner: Person, reader: Person, stranger: Person, hazard: str
) -> None:
    async def arrived() -> list[str]:
        """The subjects of what came since the last look; nothing is for anybody else."""
        before = len(post.taken)
        while await worker.one(delivery_of(settings), timedelta(minutes=2)):
            pass
        assert {letter.to for letter in post.taken} <= {reader.email_address}
        return [letter.subject for letter in post.taken[before:]]

    async def comment(*choice: str) -> list[str]:
        for chosen in choice:
            answer = await reader.client.post("/account/notices/", json={"notices_by_mail": chosen})
            assert answer.is_success
        said = {"body": "Is <b>it</b> so, @stranger?", "mentions": [str(reader.id)]}
        assert (await owner.client.post(f"{hazard}comments/create/", json=said)).is_success
        return await arrived()

    await arrived()  # letters about the account
    assert await comment() == ["1 notice from Turva"]
    assert await comment("daily") == []
    assert await comment() == []
    assert await hazard_notices.digest(timedelta(0)) == 1
    assert await arrived() == ["2 notices from Turva"]
    letter = post.taken[-1]
    assert (letter.text.count("Somebody mentioned you"), "so" in letter.text.split()) == (2, False)
    assert f"{hazard}#comments" in letter.text
    assert await comment("never") == []
    assert await hazard_notices.digest(timedelta(0)) == 0
    assert (await reader.client.get("/notices/")).json()["unread"] == 4
    assert (await stranger.client.get("/notices/")).json()["unread"] == 0
