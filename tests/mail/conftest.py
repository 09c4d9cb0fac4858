"""An outbox that knows its settings, a letter to put into it, and a mail server that takes it."""

from collections.abc import Iterator

import pytest
from jinja2 import ChoiceLoader, DictLoader

from config import Settings, load_settings
from mail import outbox
from mail.writing import environment
from models.storage.database import Database
from models.storage.sealing import seal
from tests.clients import environment as variables
from tests.mail.mail_server import Post, mail_server


@pytest.fixture
def configured(database: Database, database_url: str) -> Database:
    settings = load_settings(variables(database_url, PUBLIC_URL="https://turva.example.org/t", API_PATH="/t"))
    seal.configure(settings.SECRET_KEY)
    outbox.outbox.configure(settings)
    return database


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch, configured: Database) -> None:
    """A letter with the values `name` and `link`."""
    words = "Subject: A link for {{ name }}\n\nDear {{ name }},\n\nopen {{ link }}\n"
    ours = DictLoader({"sample.txt": words, "headless.txt": "Dear Ada,\n\nhello\n"})
    assert environment.loader is not None
    monkeypatch.setattr(environment, "loader", ChoiceLoader([ours, environment.loader]))
    monkeypatch.setattr(environment, "cache", None)


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server that speaks in the clear."""
    with mail_server() as server:
        yield server


@pytest.fixture
def plain(template: None, database_url: str, post: Post) -> Settings:
    """Settings by which letters go to that server."""
    return load_settings(variables(database_url, **post.settings()))
