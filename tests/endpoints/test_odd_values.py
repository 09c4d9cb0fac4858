"""No value of any field or query parameter is an error of ours: it is taken, or refused in our shape."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from endpoints._openapi import ErrorBody
from tests.authentication import stored
from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.evidence.sending import added

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
# Without another target "everyone" would end the asker's own session.
ALSO: dict[str, dict[str, Any]] = {
    "/ops/sessions/revoke/": {"email_address": "nobody@example.org"},
    "/account/sessions/revoke/": {"others": True},
}
# A value that is not right is wrong proof like any other.
LAST = ("{hazard_id}/close/", "/archive/", "/unarchive/")
"""What is closed or archived refuses all else, whatever is sent."""
PROOFS = {"/auth/passkey/", "/auth/login/", "/auth/second_factor/", "/account/confirm/"}
PARTS = 4
"""The endpoints are dealt out to so many tests: each is over before the proof of who asks grows old."""
DEALT = pytest.mark.parametrize("part", range(PARTS))


def bodies(app: FastAPI) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """The URL of each endpoint that takes JSON, the fields it knows, and a body to which one of them is added."""
    description = app.openapi()
    schemas = description["components"]["schemas"]
    for url, item in sorted(description["paths"].items(), key=lambda one: one[0].endswith(LAST)):
        content = item.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            model = resolved(content["schema"], schemas)
            needed = {name: likely(resolved(model["properties"][name], schemas)) for name in model.get("required", ())}
            yield url, list(model["properties"]), needed | ALSO.get(url, {})


def resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def likely(schema: dict[str, Any]) -> object:
    """A value that a field of this schema takes."""
    if "enum" in schema:
        return schema["enum"][0]
    return 1 if schema.get("type") == "integer" else "x"


def queries(app: FastAPI) -> Iterator[tuple[str, list[str]]]:
    """The URL and the query parameters of each GET."""
    for url, item in app.openapi()["paths"].items():
        names = [one["name"] for one in item.get("get", {}).get("parameters", []) if one["in"] == "query"]
        if names:
            yield url, names


@pytest.fixture
async def asker(administrator: Person, owner: Person, project: str) -> Person:
    """An administrator who is also an owner of the project and a Clinical Safety Officer."""
    body = {"email_address": administrator.email_address, "role": "owner"}
    assert (await owner.client.post(f"{project}members/create/", json=body)).status_code == 201
    await stored.set_user(administrator.id, is_cso=True)
    return administrator


@pytest.fixture
async def placed(project: str, hazard: str, administrator: Person, owner: Person) -> dict[str, str]:
    """What stands for the parameters of paths."""
    people = {"member_id": str(administrator.id), "user_id": str(owner.id)}
    proof = await added(owner, project)
    shown = (await owner.client.get(hazard)).json()
    parts = {"cause_id": shown["cause_records"][0]["id"], "control_id": shown["controls"][0]["id"]}
    keys = {"project_id": project.split("/")[2], "hazard_id": shown["id"], "evidence_id": proof["id"]}
    return {**keys, **parts, **people}


def assert_ours(answer: httpx.Response, what: object) -> None:
    assert answer.status_code < 500, what
    assert answer.status_code not in {401, 403, 405} or answer.url.path in PROOFS, what
    if answer.status_code >= 400 and answer.headers["content-type"] == "application/json":
        ErrorBody.model_validate(answer.json(), extra="forbid")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_there_are_bodies_and_queries(app: FastAPI) -> None:
    found = {url: needed for url, _, needed in bodies(app)}
    assert found["/projects/{project_id}/hazards/{hazard_id}/edit/"] == {"version": 1}
    assert found["/projects/create/"] == {"name": "x"}
    assert ("/projects/", ["page", "limit", "search", "archived"]) in list(queries(app))


@DEALT
async def test_odd_values_in_bodies(
    app: FastAPI, asker: Person, placed: dict[str, str], backend: str, part: int
) -> None:
    """SQLite gets no texts here, as every form sends them to it below."""
    values = [value for value in ODD if backend == "postgresql" or not isinstance(value, str)]
    for url, fields, needed in list(bodies(app))[part::PARTS]:
        for field in fields:
            for value in values:
                body = {**needed, field: value}
                answer = await asker.client.post(url.format(**placed), content=json.dumps(body), headers=JSON)
                assert_ours(answer, (url, field, value))


@pytest.mark.parametrize(("backend", "face"), [("postgresql", {}), ("sqlite", PAGE)], indirect=["backend"])
async def test_odd_values_in_queries(app: FastAPI, asker: Person, placed: dict[str, str], face: dict[str, str]) -> None:
    for url, names in queries(app):
        for name in names:
            for value in ODD_TEXTS:
                answer = await asker.client.get(url.format(**placed), params={name: value}, headers=face)
                assert_ours(answer, (url, name, value))


@DEALT
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_odd_values_in_forms(app: FastAPI, asker: Person, placed: dict[str, str], part: int) -> None:
    for url, fields, needed in list(bodies(app))[part::PARTS]:
        for field in fields:
            for value in ODD_TEXTS:
                answer = await asker.client.post(url.format(**placed), data={**needed, field: value}, headers=PAGE)
                assert_ours(answer, (url, field, value))
                assert re.match("text/html|application/json", answer.headers.get("content-type", "text/html"))
