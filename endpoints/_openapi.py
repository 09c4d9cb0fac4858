"""Describes every endpoint as OpenAPI: its errors in our one shape, and where a session is needed."""

from collections.abc import Iterable
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field, JsonValue

from authentication.access import Access, public
from authentication.cookies import PLAIN
from endpoints._tree import Operation

VERSION = "0.1.0"
REFERENCE = "#/components/schemas/{model}"
FASTAPIS_OWN = ("HTTPValidationError", "ValidationError")


class FieldProblemBody(BaseModel):
    field: str
    message: str


class ErrorBody(BaseModel):
    """Every answer that is not a success."""

    detail: str
    title: str
    statusCode: str = Field(examples=["422"])  # noqa: N815 - the name is part of the published API
    code: str = Field(examples=["VALIDATION_FAILED"])
    errors: list[FieldProblemBody] | None = None
    current: dict[str, JsonValue] | None = Field(
        None, description="With OUT_OF_DATE and IMPORTED_BEFORE: what is stored"
    )


ERRORS = {
    "4XX": "The request was refused and nothing was changed",
    "422": "Fields are missing or not allowed",
    "5XX": "The service could not answer",
}


SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": PLAIN},
    "token": {"type": "http", "scheme": "bearer", "description": "An API token, with one scope of x-token-scopes"},
}


def describe(title: str, operations: Iterable[Operation]) -> dict[str, Any]:
    """The errors are added here and not to each route: a thousand endpoints would each make their models anew."""
    shown = [found for found in operations if found.route.include_in_schema]
    schema = get_openapi(title=title, version=VERSION, routes=[found.route for found in shown])
    for found in shown:
        for method in found.methods:
            described = schema["paths"][found.url][method.lower()]
            described["responses"] = {**described["responses"], **error_responses()}
            described["x-access"] = found.access.name
            described["x-token-scopes"] = sorted(found.access.scopes_for(method))
            if found.access is not public:
                described["security"] = security(found.access, method)
    components = schema.setdefault("components", {})
    components["securitySchemes"] = SCHEMES
    schemas = components.setdefault("schemas", {})
    for name in FASTAPIS_OWN:
        schemas.pop(name, None)
    error = ErrorBody.model_json_schema(ref_template=REFERENCE)
    schemas |= {**error.pop("$defs"), "ErrorBody": error}
    return schema


def security(access: Access, method: str) -> list[dict[str, list[str]]]:
    """Any one of these; an empty one is nobody in particular."""
    ways: list[dict[str, list[str]]] = [{"session": []}]
    ways += [{"token": []}] if access.scopes_for(method) else []
    ways += [{}] if access.anonymous else []
    return ways


def error_responses() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": REFERENCE.format(model="ErrorBody")}}}
    return {status: {"description": meaning, "content": content} for status, meaning in ERRORS.items()}
