"""Reads the OpenAPI description for people: what each operation is for, who may call it, and what it takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]
WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object", "null": "nothing"}


class Taken(BaseModel):
    """One thing that an operation takes; `place` is path, query or body."""

    name: str
    place: str
    meaning: str
    required: bool


class Described(BaseModel):
    method: str
    path: str
    about: str
    access: str
    takes: list[Taken]
    status: str


class Group(BaseModel):
    """The operations below one folder of endpoints/."""

    name: str
    operations: list[Described]


def groups(description: Schema) -> list[Group]:
    found: dict[str, list[Described]] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            folder = path.strip("/").split("/")[0] or "start"
            found.setdefault(folder, []).append(described(description, path, method, operation))
    return [Group(name=name, operations=operations) for name, operations in sorted(found.items())]


def described(description: Schema, path: str, method: str, operation: Schema) -> Described:
    return Described(
        method=method.upper(),
        path=path,
        about=operation.get("description", operation["summary"]),
        access=operation["x-access"],
        takes=[*parameters(description, operation), *body(description, operation)],
        status=min(operation["responses"]),
    )


def parameters(description: Schema, operation: Schema) -> Iterator[Taken]:
    for one in operation.get("parameters", ()):
        meaning = words(description, one["schema"])
        yield Taken(name=one["name"], place=one["in"], meaning=meaning, required=one["required"])


def body(description: Schema, operation: Schema) -> Iterator[Taken]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = resolved(description, content["schema"])
        for name, field in schema.get("properties", {}).items():
            required = name in schema.get("required", ())
            yield Taken(name=name, place="body", meaning=words(description, field), required=required)


def resolved(description: Schema, schema: Schema) -> Schema:
    reference = schema.get("$ref")
    found: Schema = description["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema
    return found


def words(description: Schema, schema: Schema) -> str:
    """What may stand in a field, such as `text, at most 300 characters`."""
    schema = resolved(description, schema)
    if choices := schema.get("anyOf"):
        return " or ".join(words(description, one) for one in choices if one.get("type") != "null")
    if members := schema.get("enum"):
        return "one of " + ", ".join(map(str, members))
    if schema.get("type") == "array":
        return "list of " + words(description, schema.get("items", {}))
    named = {"uuid": "UUID", "binary": "file", "date": "date", "date-time": "time", "password": "secret text"}
    kind = "binary" if "contentMediaType" in schema else schema.get("format", "")
    word = named.get(kind, WORDS.get(schema.get("type", ""), "any value"))
    return ", ".join([word, *bounds(schema)])


def bounds(schema: Schema) -> Iterator[str]:
    kinds = {
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "minimum": "at least {}",
        "maximum": "at most {}",
    }
    yield from (text.format(schema[name]) for name, text in kinds.items() if name in schema)
