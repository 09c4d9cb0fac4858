"""No value of any field or query parameter is an error of ours: it is taken, or refused in our shape."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from endpoints._openapi import ErrorBody
from tests.clients import PAGE, Person

JSON = {"Content-Type": "application/json"}
ODD: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 10**400, 1.5, 1e308, [], [None], [[]], ["x"] * 201, ["nul\0"], {}, {"a": {}},
    "", " ", "x" * 20_001, "nul\0", "\ud800", "\u202e\u2028", "%", "_", "'\"\\", "2026-02-30", "{{7*7}}", "<script>",
    "0190d3c2-7c1e-7b3a-9f6e-2b8f6d1c4a55",
]  # fmt: skip
ODD_TEXTS = [value for value in ODD if isinstance(value, str) and value != "\ud800"] + [
    "-1",
    "1e3",
    "9" * 400,
    "%FF",
    "nan",
]
# What makes each body right but for the field that is tried; what has no line here has no body.
RIGHT: dict[str, dict[str, Any]] = {
    "/auth/login/": {"email_address": "nobody@example.org", "password": "x"},
    "/ops/sessions/revoke/": {"email_address": "nobody@example.org", "reason": "x"},
    "/projects/create/": {"name": "x"},
    "/projects/{project_id}/hazards/create/": {"name": "x"},
    "/projects/{project_id}/hazards/{hazard_id}/assess/": {
        "stage": "residual", "severity": "minor", "likelihood": "low",
    },
    "/projects/{project_id}/hazards/{hazard_id}/close/": {},
    "/projects/{project_id}/hazards/{hazard_id}/edit/": {"version": 1},
    "/projects/{project_id}/hazards/{hazard_id}/reopen/": {},
    "/projects/{project_id}/hazards/{hazard_id}/transfer/": {},
    "/projects/{project_id}/members/create/": {"email_address": "nobody@example.org", "role": "viewer"},
    "/projects/{project_id}/members/{member_id}/edit/": {"role": "owner"},
}  # fmt: skip


def bodies(app: FastAPI) -> Iterator[tuple[str, list[str]]]:
    """The URL and the fields of each JSON body."""
    description = app.openapi()
    for url, item in description["paths"].items():
        content = item.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            model = content["schema"]["$ref"].rpartition("/")[2]
            yield url, list(description["components"]["schemas"][model]["properties"])


def queries(app: FastAPI) -> Iterator[tuple[str, list[str]]]:
    """The URL and the query parameters of each GET."""
    for url, item in app.openapi()["paths"].items():
        names = [one["name"] for one in item.get("get", {}).get("parameters", []) if one["in"] == "query"]
        if names:
            yield url, names


@pytest.fixture
async def asker(administrator: Person, owner: Person, project: str) -> Person:
    """An administrator who is also an owner of the project."""
    body = {"email_address": administrator.email_address, "role": "owner"}
    assert (await owner.client.post(f"{project}members/create/", json=body)).status_code == 201
    return administrator


@pytest.fixture
def placed(project: str, hazard: str, administrator: Person) -> dict[str, str]:
    """What stands for the parameters of paths."""
    return {"project_id": project.split("/")[2], "hazard_id": hazard.split("/")[4], "member_id": str(administrator.id)}


def assert_ours(answer: httpx.Response, what: object) -> None:
    assert answer.status_code < 500, what
    assert answer.status_code not in {401, 403, 405} or answer.url.path == "/auth/login/", what
    if answer.status_code >= 400 and answer.headers["content-type"] == "application/json":
        ErrorBody.model_validate(answer.json(), extra="forbid")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_body_has_a_line_here(app: FastAPI) -> None:
    assert dict(bodies(app)).keys() == RIGHT.keys()


async def test_odd_values_in_bodies(app: FastAPI, asker: Person, placed: dict[str, str]) -> None:
    for url, fields in bodies(app):
        for field in fields:
            for value in ODD:
                body = {**RIGHT[url], field: value}
                answer = await asker.client.post(url.format(**placed), content=json.dumps(body), headers=JSON)
                assert_ours(answer, (url, field, value))


@pytest.mark.parametrize(("backend", "face"), [("postgresql", {}), ("sqlite", PAGE)], indirect=["backend"])
async def test_odd_values_in_queries(app: FastAPI, asker: Person, placed: dict[str, str], face: dict[str, str]) -> None:
    for url, names in queries(app):
        for name in names:
            for value in ODD_TEXTS:
                answer = await asker.client.get(url.format(**placed), params={name: value}, headers=face)
                assert_ours(answer, (url, name, value))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_odd_values_in_forms(app: FastAPI, asker: Person, placed: dict[str, str]) -> None:
    for url, fields in bodies(app):
        for field in fields:
            for value in ODD_TEXTS:
                answer = await asker.client.post(url.format(**placed), data={**RIGHT[url], field: value}, headers=PAGE)
                assert_ours(answer, (url, field, value))
                assert re.match("text/html|application/json", answer.headers.get("content-type", "text/html"))
