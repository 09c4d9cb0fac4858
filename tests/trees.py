"""Small trees of endpoints in a folder of the test, for what the product's own endpoints do not show."""

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI
from jinja2 import ChoiceLoader, FileSystemLoader

import main
from authentication.middleware import SessionCheck
from authentication.sessions import LiveSession, SignedInUser
from config import load_settings
from endpoints import _pages
from models.enumerations import Factors, SessionKind
from models.storage.columns import new_id, utc_now
from tests.clients import environment

IMPORTS = '''"""An endpoint of a test."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Query, Request, Response, UploadFile
from pydantic import BaseModel, Field, SecretStr

from authentication.access import administrator, may, public, requires, signed_in, verified
from endpoints import _fields
from endpoints._faces import Done
from errors import Conflict, FieldProblem, Invalid, NotFound, Unavailable

router = APIRouter()

'''
SHOW = """
@router.get("/")
@requires(public)
async def show() -> str:
    return "shown"
"""

Files = Mapping[str, str]
Plant = Callable[[Files], ModuleType]
Grow = Callable[..., FastAPI]
SignIn = Callable[..., SignedInUser]
names = map("tree{}".format, itertools.count())


def endpoint(code: str = SHOW) -> str:
    """The text of an endpoint's module; what it usually imports is there already."""
    return IMPORTS + code


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """Makes a package of these files, with an `__init__.py` in each folder of a module."""
    planted: list[str] = []

    def make(files: Mapping[str, str]) -> ModuleType:
        name = next(names)
        planted.append(name)
        write(tmp_path / name, {"__init__.py": "", **files})
        monkeypatch.syspath_prepend(tmp_path)
        return importlib.import_module(name)

    yield make
    for name in [loaded for loaded in sys.modules if loaded.partition(".")[0] in planted]:
        del sys.modules[name]


def write(root: Path, files: Files) -> None:
    for place, text in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        for folder in path.parents:
            if folder.is_relative_to(root) and path.suffix == ".py":
                (folder / "__init__.py").touch()


@pytest.fixture
def grow(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> Grow:
    """Makes the whole application, middleware and all, around a tree in place of the product's endpoints."""

    def make(files: Files, **settings: str) -> FastAPI:
        package = plant(files)
        ours = FileSystemLoader(Path(package.__path__[0]))
        monkeypatch.setattr(main, "endpoints", package)
        monkeypatch.setattr(_pages.environment, "loader", ChoiceLoader([ours, _pages.environment.loader or ours]))
        return main.create_app(load_settings(environment("sqlite:///var/never-opened.db", **settings)))

    return make


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> SignIn:
    """Makes every request that of one person, without a database."""

    def make(**flags: bool) -> SignedInUser:
        about: dict[str, Any] = {"is_verified": True, "is_cso": False, "is_administrator": False, **flags}
        about.setdefault("needs_second_factor", False)
        user = SignedInUser(new_id(), "Ada", "Example", "ada@example.org", **about)
        session = LiveSession(new_id(), SessionKind.BROWSER, Factors.PASSWORD, utc_now(), "", utc_now(), user)

        async def found(*_: object) -> LiveSession:
            return session

        monkeypatch.setattr(SessionCheck, "_session", found)
        return user

    return make
