"""The reference for people tells every operation that the description for programs has, and what it takes."""

import httpx
from fastapi import FastAPI

from endpoints._faces import Done
from endpoints._reference import words
from tests.authentication.stage import operations
from tests.clients import PAGE


async def test_every_operation_is_told(app: FastAPI, client: httpx.AsyncClient) -> None:
    answer = (await client.get("/docs/")).json()
    told = {(one["method"], one["path"]) for group in answer["groups"] for one in group["operations"]}
    described = app.openapi()["paths"]
    assert told == {(method.upper(), path) for path, methods in described.items() for method in methods}
    assert ("POST", "/projects/{project_id}/hazards/{hazard_id}/assess/") in told


async def test_who_may_call_and_what_it_takes(client: httpx.AsyncClient) -> None:
    groups = {group["name"]: group for group in (await client.get("/docs/")).json()["groups"]}
    operations = {(one["method"], one["path"]): one for one in groups["projects"]["operations"]}
    assess = operations["POST", "/projects/{project_id}/hazards/{hazard_id}/assess/"]
    assert (assess["access"], assess["status"]) == ("hazard:assess", "201")
    taken = {one["name"]: one for one in assess["takes"]}
    assert taken["project_id"] == {"name": "project_id", "place": "path", "meaning": "UUID", "required": True}
    assert taken["severity"]["meaning"] == "one of minor, significant, considerable, major, catastrophic"
    assert not taken["severity_justification"]["required"]
    listed = {one["name"]: one for one in operations["GET", "/projects/{project_id}/hazards/"]["takes"]}
    assert listed["limit"]["meaning"] == "whole number, at least 1, at most 100"
    upload = operations["POST", "/projects/{project_id}/imports/create/"]
    assert {one["name"]: one["meaning"] for one in upload["takes"]}["file"] == "file"


def test_an_answer_without_content_is_told(app: FastAPI) -> None:
    """Also where no other test reaches the success."""
    paths = app.openapi()["paths"]
    done = [found.url for found in operations(app) if found.route.endpoint.__annotations__.get("return") is Done]
    assert len(done) > 20
    assert [url for url in done if "204" not in paths[url]["post"]["responses"]] == []


def test_lists_and_choices_are_put_in_words() -> None:
    choice = {"anyOf": [{"type": "array", "items": {"type": "string", "minLength": 1}}, {"type": "null"}]}
    assert words({}, choice) == "list of text, at least 1 characters"
    assert words({}, {}) == "any value"


async def test_the_page_shows_it_without_scripts(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs/", headers=PAGE)
    assert page.status_code == 200
    assert "/projects/{project_id}/hazards/{hazard_id}/assess/" in page.text
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
