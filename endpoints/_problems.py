"""Pydantic's findings in plain English, one sentence a field, never repeating what was typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from errors import FieldProblem

MESSAGES = {
    "missing": "Enter {label}",
    "string_too_short": "Enter {label}",
    "string_shorter": "{Label} must be {min_length} characters or more",
    "too_short": "Enter {label}",
    "string_too_long": "{Label} must be {max_length} characters or fewer",
    "too_long": "{Label} must have {max_length} entries or fewer",
    "enum": "Select {label}: {expected}",
    "literal_error": "Select {label}: {expected}",
    "string_type": "{Label} must be text",
    "string_unicode": "{Label} has characters that are not valid text",
    "string_pattern_mismatch": "{Label} has characters that are not allowed",
    "list_type": "{Label} must be a list",
    "int_parsing": "{Label} must be a whole number",
    "int_type": "{Label} must be a whole number",
    "int_from_float": "{Label} must be a whole number",
    "bool_parsing": "{Label} must be true or false",
    "bool_type": "{Label} must be true or false",
    "uuid_parsing": "{Label} must be an identifier such as 0190d3c2-7c1e-7b3a-9f6e-2b8f6d1c4a55",
    "uuid_type": "{Label} must be an identifier such as 0190d3c2-7c1e-7b3a-9f6e-2b8f6d1c4a55",
    "greater_than_equal": "{Label} must be {ge} or more",
    "less_than_equal": "{Label} must be {le} or less",
    "extra_forbidden": "{Label} is not known here; leave it out",
    "json_invalid": "The body must be valid JSON",
    "model_attributes_type": "{Label} must be a JSON object",
    "dict_type": "{Label} must be a JSON object",
    "value_error": "{error}",
}
LABELS = {"email_address": "an email address", "password": "a password", "file": "a file", "name": "a name"}


MOST_PROBLEMS = 100
LONGEST_NAME = 100
"""Of an answer to a body of a thousand unknown fields, or of one whose name is a book: it must not outgrow the body."""


def field_problems(findings: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    """The findings of a RequestValidationError as problems of fields, the first hundred of them."""
    return [problem_of(finding) for finding in findings[:MOST_PROBLEMS]]


def problem_of(finding: Mapping[str, Any]) -> FieldProblem:
    kind, context = finding["type"], finding.get("ctx", {})
    path = [] if kind == "json_invalid" else [str(part)[:LONGEST_NAME] for part in finding["loc"][1:]]
    if not path and kind == "missing":
        kind = "model_attributes_type"
    named = path[0] if path else "body"
    if named == "file":
        kind = "missing"  # of a text in place of a file FastAPI tells the class in Python
    plain = named.replace("_", " ")
    label = LABELS.get(named, f"the {plain}")
    words = {**context, "label": label, "Label": plain[:1].upper() + plain[1:]}
    if kind == "string_too_short" and context["min_length"] > 1:
        kind = "string_shorter"
    return FieldProblem(".".join(path), MESSAGES.get(kind, "{Label} is not in the right format").format_map(words))
