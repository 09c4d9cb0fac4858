"""Rules that hold for every template of the tree, so that a strict policy and escaping protect every page."""

import re
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from endpoints import _pages

ROOT = Path(_pages.__file__).parent
TEMPLATES = sorted(path for path in ROOT.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc"))
NAMES = [path.relative_to(ROOT).as_posix() for path in TEMPLATES]
# What `render` and the error handler give to every page.
GIVEN = {
    "after", "archived", "asset", "draft", "error", "form", "htmx_config", "link", "model", "nhs_logo", "path", "query",
    "registration", "request_id", "service_name", "unread", "user",
}  # fmt: skip
FORBIDDEN = {
    "turns escaping off": r"\|\s*safe\b|\bMarkup\b|autoescape",
    "hands HTML to a macro, which does not escape it": r"[\"']?\b\w*[hH]tml[\"']?\s*:",
    "has an inline style, which the policy refuses": r"\sstyle\s*=|<style",
    "has an inline script, which the policy refuses": r"<script(?![^>]*\ssrc=)|<\w[^>]*\son\w+\s*=|javascript:",
    "needs eval, which the policy refuses": r"hx-on|hx-trigger=\"[^\"]*\[|\bjs:",
    "asks another host": r"(href|src|action)=[\"'](https?:)?//",
    "has a URL that forgets the prefix": r"(href|src|action)=[\"']/",
}


def test_there_are_templates() -> None:
    assert "_layout.html" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_template_ends_in_html_and_compiles(name: str) -> None:
    assert name.endswith(".html")
    _pages.environment.get_template(name)


@pytest.mark.parametrize("fault", FORBIDDEN)
@pytest.mark.parametrize("name", NAMES)
def test_no_template(name: str, fault: str) -> None:
    found = re.search(FORBIDDEN[fault], (ROOT / name).read_text())
    assert found is None, f"{name} {fault}: {found[0]}"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_uses_only_names_that_it_is_given(name: str) -> None:
    template = _pages.environment.parse((ROOT / name).read_text())
    asked = meta.find_undeclared_variables(template)
    assert asked - made(template) - GIVEN - set(_pages.environment.globals) == set()


def made(template: nodes.Template) -> set[str]:
    """What a template imports and sets itself: Jinja reports it as undeclared where a block or a loop uses it."""
    imported = {name for found in template.find_all(nodes.FromImport) for name in found.names}
    stored = {found.name for found in template.find_all(nodes.Name) if found.ctx == "store"}
    return stored | {name if isinstance(name, str) else name[1] for name in imported}


@pytest.mark.parametrize(
    ("fault", "source"),
    [
        ("turns escaping off", "{{ model.name | safe }}"),
        ("hands HTML to a macro, which does not escape it", '{{ button({"html": model.name}) }}'),
        ("hands HTML to a macro, which does not escape it", '{{ errorSummary({"titleHtml": model.name}) }}'),
        ("has an inline style, which the policy refuses", '<p style="color: red">'),
        ("has an inline script, which the policy refuses", "<script>go()</script>"),
        ("has an inline script, which the policy refuses", '<a onclick="go()">'),
        ("needs eval, which the policy refuses", '<a hx-on:click="go()">'),
        ("needs eval, which the policy refuses", '<a hx-trigger="click[ctrlKey]">'),
        ("asks another host", '<img src="https://elsewhere.example/a.png">'),
        ("has a URL that forgets the prefix", '<a href="/projects/">'),
    ],
)
def test_each_rule_finds_its_fault(fault: str, source: str) -> None:
    assert re.search(FORBIDDEN[fault], source)
