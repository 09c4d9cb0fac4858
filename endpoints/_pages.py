"""Renders the page beside a module: one Jinja environment that escapes everything and refuses a misspelt name."""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlencode

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, Undefined
from jinja2.utils import Namespace, missing
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse

import assets
from authentication.permissions import allows
from endpoints._after import said_after
from endpoints._bow_tie import drawn_bow_tie
from endpoints._changes import changes, happened, named
from endpoints._charts import drawn
from endpoints._contents import headings
from endpoints._marks import beside, compared
from endpoints._qr import qr_code
from endpoints._words import FILTERS

# htmx must neither swap a failed answer into the page nor restore a page without its scripts (docs/frontend.md), and
# when it brings a live part up to date it leaves the marks by which a button knows that it works already.
HTMX = json.dumps(
    {
        "history": "reload",
        "noSwap": [204, 304, "4xx", "5xx"],
        "morphIgnore": ["data-htmx-powered", "data-nhsuk-button-init"],
    }
)


class Misspelt(ChainableUndefined):
    """Lets the NHS macros ask for options that nobody gave, but never prints, loops over or compares such a thing.

    What is missing from an object of ours, unlike from a mapping of options, is a spelling mistake at once.
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        self._fail_with_undefined_error()

    def _refuse_ours(self) -> None:
        if not isinstance(self._undefined_obj, Mapping | str | bool | NoneType | Namespace | Undefined | type(missing)):
            self._fail_with_undefined_error()

    __str__ = __html__ = __iter__ = __contains__ = _refuse

    def __bool__(self) -> bool:
        self._refuse_ours()
        return False

    def __len__(self) -> int:
        self._refuse_ours()
        return 0

    def __eq__(self, other: object) -> bool:
        self._refuse_ours()
        return super().__eq__(other)

    def __hash__(self) -> int:
        return super().__hash__()

    def __getattr__(self, name: str) -> "Misspelt":
        self._refuse_ours()
        return super().__getattr__(name)  # type: ignore[return-value]


def nothing_for_none(value: object) -> object:
    return "" if value is None else value


def make_environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(Path(__file__).parent), PackageLoader("nhsuk_frontend_jinja")]),
        # Not select_autoescape(): the NHS macros end in .jinja, which it leaves unescaped.
        autoescape=True,
        undefined=Misspelt,
        finalize=nothing_for_none,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {**FILTERS, "changes": changes, "headings": headings, "named": named, "qr_code": qr_code}
    environment.filters |= {"beside": beside, "compared": compared, "happened": happened}
    environment.globals |= {"may": allows, "drawn": drawn, "drawn_bow_tie": drawn_bow_tie}
    return environment


environment = make_environment()


@dataclass(frozen=True)
class Site:
    """What every page of one application shares."""

    service_name: str
    nhs_logo: bool
    prefix: str
    registration: str

    def link(self, path: str) -> str:
        return self.prefix + path

    def asset(self, name: str) -> str:
        return assets.url(name, self.prefix)


def configure(
    app: Starlette, *, service_name: str = "Turva", nhs_logo: bool = False, prefix: str = "", registration: str = "off"
) -> None:
    """Says once, when the application is made, how its pages look and below which path they live."""
    app.state.site = Site(service_name, nhs_logo, prefix, registration)


def query_of(request: Request) -> Callable[..., str]:
    """The request's own query with some values changed, for links; None removes a value, a list repeats it."""
    asked = [pair for pair in parse_qsl(request.scope["query_string"].decode("latin-1")) if pair[0] != "after"]

    def query(**changes: object) -> str:
        kept = [(name, value) for name, value in asked if name not in changes]
        return "?" + urlencode(
            kept + [(name, value) for name, value in changes.items() if value is not None], doseq=True
        )

    return query


def link(request: Request, path: str) -> str:
    """The URL of a path of ours, below the prefix that this application lives at."""
    site: Site = request.app.state.site
    return site.link(path)


def render(request: Request, template_name: str, context: Mapping[str, Any], status_code: int = 200) -> HTMLResponse:
    """The page for a response model; `model` and `form` come in the context, what every page shares is added."""
    site: Site = request.app.state.site
    project = request.scope.get("project")
    archived = project.archived_date if project else None
    shared = {
        "after": said_after(request),
        "archived": archived,
        "asset": site.asset,
        "draft": None,
        "error": None,
        "form": None,
        "htmx_config": HTMX,
        "link": site.link,
        "may": functools.partial(allows, archived=archived is not None),
        "model": None,
        "nhs_logo": site.nhs_logo,
        "path": request.scope["path"].removeprefix(site.prefix),
        "query": query_of(request),
        "registration": site.registration,
        "request_id": request.scope.get("request_id"),
        "service_name": site.service_name,
        "unread": request.scope.get("unread", 0),
        "user": request.scope.get("user"),
    }
    html = environment.get_template(template_name).render({**shared, **context})
    return HTMLResponse(html, status_code)
