"""The environment that renders pages: misspelt names fail, everything is escaped, each application has its frame."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader, UndefinedError
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request

import assets
from endpoints import _pages
from endpoints._forms import Form
from errors import FieldProblem, NotFound, TurvaError

ATTACK = "<script>alert(1)</script>"


class Hazard(BaseModel):
    name: str = "Wrong patient"
    owner: str | None = None


@dataclass(frozen=True)
class Person:
    first_name: str = "Sam"
    last_name: str = ATTACK
    is_administrator: bool = False
    is_cso: bool = False


def request(app: Starlette, path: str = "/projects/", query: str = "", user: Person | None = None) -> Request:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": [], "app": app}
    return Request(scope | {"user": user, "request_id": "0123"})


def an_app(**site: Any) -> Starlette:
    app = Starlette()
    _pages.configure(app, **site)
    return app


def error_page(app: Starlette, error: TurvaError | None = None, **asked: Any) -> str:
    context = {"error": error or NotFound(), "form": asked.pop("form", None)}
    return bytes(_pages.render(request(app, **asked), "_error.html", context, 404).body).decode()


def show(source: str, **context: Any) -> str:
    return _pages.environment.from_string(source).render(context)


@pytest.mark.parametrize(
    "source",
    [
        "{{ modle.name }}",
        "{{ model.nmae }}",
        "{{ model.nmae.first }}",
        "{% for x in modle %}{% endfor %}",
        "{% for x in model.nmaes %}{% endfor %}",
        "{% if model.nmae %}{% endif %}",
        "{% if model.nmae == 'x' %}{% endif %}",
        "{% if 'x' in model.nmae %}{% endif %}",
        "{% if model.nmae|length %}{% endif %}",
        "{{ 'x' ~ model.nmae }}",
        "{{ model.nmae|upper }}",
        "{{ {'a': 1}.b }}",
    ],
)
def test_a_misspelt_name_is_an_error(source: str) -> None:
    with pytest.raises(UndefinedError):
        show(source, model=Hazard())


@pytest.mark.parametrize(
    "source", ["{% if options.hint %}x{% endif %}", "{% if options.hint.text.html %}x{% endif %}", "{{ 'x' if false }}"]
)
def test_an_option_that_nobody_gave_is_not(source: str) -> None:
    assert show(source, options={"label": "Name"}) == ""


def test_a_value_that_is_not_there_shows_as_nothing() -> None:
    assert show("[{{ model.owner }}]", model=Hazard()) == "[]"


def test_templates_of_ours_and_of_nhs_are_escaped() -> None:
    nhs = '{% from "nhsuk/components/tag/macro.jinja" import tag %}{{ tag({"text": text}) }}'
    for source in ("{{ text }}", nhs):
        assert ATTACK not in show(source, text=ATTACK)
        assert "&lt;script&gt;" in show(source, text=ATTACK)


def test_a_page_has_one_title_heading_and_main() -> None:
    page = error_page(an_app(service_name="Turva"))
    assert "<title>Page not found - Turva</title>" in page
    assert page.count("<h1") == page.count("<main") == page.count('href="#maincontent"') == 1


def test_the_title_says_first_that_a_form_was_refused() -> None:
    refused = Form({}, (FieldProblem("name", "Enter a name"),), "Nothing was stored", 422)
    page = error_page(an_app(), form=refused)
    assert "<title>Error: Page not found" in page
    assert '<a href="#name">' in page


def test_every_url_is_below_the_prefix() -> None:
    page = error_page(an_app(prefix="/safety"), path="/safety/projects/", user=Person())
    urls = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    assert len(urls) > 8
    assert [url for url in urls if not url.startswith(("/safety/", "#"))] == []
    assert 'aria-current="true"' in page


def test_two_applications_in_one_process_keep_their_own_frame() -> None:
    one, other = an_app(service_name="One", prefix="/one"), an_app(service_name="Other")
    assert "One" in error_page(one)
    assert "/one/assets/" in error_page(one)
    assert "/one/" not in error_page(other)
    assert _pages.link(request(one), "/projects/") == "/one/projects/"
    assert _pages.link(request(other), "/projects/") == "/projects/"


def test_the_nhs_logo_is_shown_only_where_it_was_asked_for() -> None:
    plain, nhs = error_page(an_app()), error_page(an_app(nhs_logo=True))
    assert assets.url("logo.svg") in plain
    assert "nhsuk-header__logo" not in plain
    assert "nhsuk-header__logo" in nhs
    assert 'aria-label="Turva home"' in plain


def test_the_account_and_the_navigation_need_a_user() -> None:
    page = error_page(an_app())
    assert "Sign out" not in page
    assert "nhsuk-header__navigation-list" not in page


def test_signing_out_is_a_form() -> None:
    page = error_page(an_app(), user=Person())
    assert re.search(r'<form[^>]* action="/auth/logout/" method="post"', page)
    assert "Sam &lt;script&gt;" in page
    assert ATTACK not in page


@pytest.mark.parametrize("administrator", [True, False])
def test_operations_are_shown_to_administrators(administrator: bool) -> None:
    page = error_page(an_app(), user=Person(is_administrator=administrator))
    assert ("/ops/sessions/" in page) == administrator


def test_a_failure_of_ours_gives_the_reference_to_quote() -> None:
    assert "<code>0123</code>" in error_page(an_app(), TurvaError())
    assert "0123" not in error_page(an_app(), NotFound())


def test_the_status_is_that_of_the_answer() -> None:
    answer = _pages.render(request(an_app()), "_error.html", {"error": NotFound()}, 404)
    assert answer.status_code == 404
    assert answer.media_type == "text/html"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "?search=caf%C3%A9&status=open&status=closed&page=3"),
        ({"page": 4}, "?search=caf%C3%A9&status=open&status=closed&page=4"),
        ({"page": None, "sort": "-name"}, "?search=caf%C3%A9&status=open&status=closed&sort=-name"),
        ({"status": "open", "page": None}, "?search=caf%C3%A9&status=open"),
        ({"status": ["open"], "page": []}, "?search=caf%C3%A9&status=open"),
        ({"search": None, "page": [1, 2]}, "?status=open&status=closed&page=1&page=2"),
    ],
)
def test_links_that_page_and_sort_keep_the_rest_of_the_query(changes: dict[str, object], expected: str) -> None:
    asked = request(an_app(), query="search=caf%C3%A9&status=open&status=closed&page=3")
    assert _pages.query_of(asked)(**changes) == expected


async def test_the_recipe_of_the_documentation_makes_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = (assets.HERE.parent / "docs/frontend.md").read_text()
    module, template = (re.findall(rf"```{kind}\n(.*?)```", recipe, re.DOTALL)[0] for kind in ("python", "html"))
    defined: dict[str, Any] = {}
    exec(module, defined)  # noqa: S102 - the code of our own documentation
    loaders = ChoiceLoader([DictLoader({"glossary.html": template}), _pages.environment.loader])  # type: ignore[list-item]
    monkeypatch.setattr(_pages, "environment", _pages.environment.overlay(loader=loaders))
    answer = _pages.render(request(an_app()), "glossary.html", {"model": await defined["glossary"]()})
    page = bytes(answer.body).decode()
    assert "<title>Glossary - Turva</title>" in page
    assert "A potential source of harm to a patient" in page
