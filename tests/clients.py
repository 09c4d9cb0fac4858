"""The application as tests call it: a fresh database, people of every kind, and clients that act for them."""

import atexit
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from authentication.passwords import Passwords
from config import Settings, load_settings
from main import create_app
from models.audit.audit import COMMAND_LINE
from models.evidence.evidence_store import EvidenceStore, evidence_store
from models.users import accounts
from tests.streaming import leaving_streams

PASSWORD = "correct horse battery staple"
BASE_URL = "http://localhost"
PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
"""What a browser sends when it asks for a page."""

FILES = tempfile.TemporaryDirectory(prefix="turva-evidence-", ignore_cleanup_errors=True)
atexit.register(FILES.cleanup)
"""Never the folder of who develops here: a clean-up would take all in it for nobody's."""
CHEAP_HASHES = {"ARGON2_TIME_COST": "1", "ARGON2_MEMORY_KIB": "64", "ARGON2_PARALLELISM": "1"}


def environment(database_url: str, **changes: str) -> dict[str, str]:
    """An environment in which the application runs for a test."""
    base = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a-key-for-tests-only-0123456789-abcdefgh",
        "TEST_ENVIRONMENT": "true",
        "ACCESS_LOG": "false",
        "BACKGROUND_WORK": "false",
        "EVIDENCE_STORE": FILES.name,
        # Tests sign in and fail as often as they like; those of the limits switch them on.
        "RATE_LIMIT_ENABLED": "false",
    }
    return {**base, **CHEAP_HASHES, **changes}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return load_settings(environment(database_url, EVIDENCE_STORE=f"{tmp_path}/evidence"))


@pytest.fixture
def store(settings: Settings) -> EvidenceStore:
    """The application's store of files, in a folder of the test's own."""
    evidence_store.configure(settings)
    return evidence_store


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The running application on a fresh database."""
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A program without a session."""
    async with connect(app) as anonymous:
        yield anonymous


def connect(app: FastAPI, **options: object) -> httpx.AsyncClient:
    """Another client of the same application, with cookies of its own."""
    transport = httpx.ASGITransport(leaving_streams(app))
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL, **options)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Person:
    """A user with an account, signed in."""

    id: UUID
    email_address: str
    client: httpx.AsyncClient


SignUp = Callable[..., Awaitable[Person]]


@pytest.fixture
async def sign_up(app: FastAPI) -> AsyncIterator[SignUp]:
    """Make accounts by a short name and sign them in; flags such as is_administrator are keywords."""
    clients: list[httpx.AsyncClient] = []
    passwords: Passwords = app.state.passwords

    async def make(name: str, **fields: bool) -> Person:
        address = f"{name}@example.org"
        flags = {"is_verified": True, "is_administrator": False, "is_cso": False, **fields}
        hashed = await passwords.hash(PASSWORD)
        key = await accounts.create(
            COMMAND_LINE,
            email_address=address,
            first_name=name.title(),
            last_name="Example",
            password_hash=hashed,
            **flags,
        )
        person = connect(app)
        clients.append(person)
        answer = await person.post("/auth/login/", json={"email_address": address, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return Person(key, address, person)

    yield make
    for opened in clients:
        await opened.aclose()


@pytest.fixture
async def owner(sign_up: SignUp) -> Person:
    return await sign_up("owner")


@pytest.fixture
async def stranger(sign_up: SignUp) -> Person:
    """Signed in, and a member of nothing."""
    return await sign_up("stranger")


@pytest.fixture
async def administrator(sign_up: SignUp) -> Person:
    return await sign_up("administrator", is_administrator=True)


@pytest.fixture
async def project(owner: Person) -> str:
    """The URL of a private project of the owner."""
    body = {"name": "Ward round", "description": "", "standard": "DCB0129", "visibility": "private"}
    answer = await owner.client.post("/projects/create/", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])


@pytest.fixture
async def hazard(owner: Person, project: str) -> str:
    """The URL of a hazard in that project, rated high for the initial stage."""
    body = {
        "name": "Wrong patient selected",
        "causes": ["Two patients of one name"],
        "existing_controls": ["Date of birth beside each name"],
        "severity": "major",
        "likelihood": "medium",
    }
    answer = await owner.client.post(f"{project}hazards/create/", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])
