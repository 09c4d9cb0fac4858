"""What Pydantic found is told in plain English, field by field, and nothing that was typed comes back."""

import enum
import uuid
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError, field_validator

from endpoints._fields import EmailAddress, Line, Request, RequiredLine, RequiredText, Text
from endpoints._problems import LONGEST_NAME, MESSAGES, MOST_PROBLEMS, field_problems
from errors import FieldProblem

SECRET = "hunter2"


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    size: int


class Everything(Request):
    name: RequiredLine = "x"
    email_address: EmailAddress = ""
    long_text: Text = ""
    words: RequiredText = "x"
    code: Annotated[str, StringConstraints(min_length=3)] = "xxx"
    colour: Colour = Colour.RED
    kind: Literal["a", "b"] = "a"
    parts: Annotated[list[Line], Field(min_length=1, max_length=2)] = Field(default_factory=lambda: ["x"])
    rank: int = Field(1, ge=1, le=5)
    open: bool = True
    owner_id: uuid.UUID = uuid.UUID(int=0)
    part: Part = Part(size=1)
    day: Annotated[int, Field(multiple_of=7)] = 7
    checked: str = ""
    values: dict[str, int] = Field(default_factory=dict)

    @field_validator("checked")
    @classmethod
    def not_wrong(cls, value: str) -> str:
        if value:
            raise ValueError("Choose something else")
        return value


def findings(given: dict[str, Any]) -> list[dict[str, Any]]:
    """What is wrong with a body, as FastAPI finds it."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Everything).validate_python(given, from_attributes=True)
    return [{**error, "loc": ("body", *error["loc"])} for error in refused.value.errors()]


CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "Enter a name"),
    ({"name": "  "}, "name", "Enter a name"),
    ({"name": "x" * 301}, "name", "Name must be 300 characters or fewer"),
    ({"name": "two\nlines"}, "name", "Name has characters that are not allowed"),
    ({"name": "nul\0"}, "name", "Name has characters that are not allowed"),
    ({"name": "\ud800"}, "name", "Name has characters that are not valid text"),
    ({"name": 7}, "name", "Name must be text"),
    ({"name": None}, "name", "Name must be text"),
    ({"words": ""}, "words", "Enter the words"),
    ({"long_text": "x" * 65_537}, "long_text", "Long text must be 65536 characters or fewer"),
    ({"long_text": "\x1b[2J"}, "long_text", "Long text has characters that are not allowed"),
    ({"code": "x"}, "code", "Code must be 3 characters or more"),
    ({"colour": SECRET}, "colour", "Select the colour: 'red' or 'blue'"),
    ({"kind": SECRET}, "kind", "Select the kind: 'a' or 'b'"),
    ({"parts": SECRET}, "parts", "Parts must be a list"),
    ({"parts": []}, "parts", "Enter the parts"),
    ({"parts": ["x"] * 3}, "parts", "Parts must have 2 entries or fewer"),
    ({"parts": ["x", 1]}, "parts.1", "Parts must be text"),
    ({"rank": SECRET}, "rank", "Rank must be a whole number"),
    ({"rank": 1.5}, "rank", "Rank must be a whole number"),
    ({"rank": []}, "rank", "Rank must be a whole number"),
    ({"rank": 0}, "rank", "Rank must be 1 or more"),
    ({"rank": 6}, "rank", "Rank must be 5 or less"),
    ({"open": SECRET}, "open", "Open must be true or false"),
    ({"open": []}, "open", "Open must be true or false"),
    ({"owner_id": SECRET}, "owner_id", "Owner id must be an identifier such as"),
    ({"owner_id": []}, "owner_id", "Owner id must be an identifier such as"),
    ({"part": SECRET}, "part", "Part must be a JSON object"),
    ({"part": {}}, "part.size", "Enter the part"),
    ({"day": 8}, "day", "Day is not in the right format"),
    ({"checked": SECRET}, "checked", "Choose something else"),
    ({"unknown": SECRET}, "unknown", "Unknown is not known here; leave it out"),
    ({"values": SECRET}, "values", "Values must be a JSON object"),
]


@pytest.mark.parametrize(("given", "field", "message"), CASES)
def test_a_field_says_what_to_do(given: dict[str, Any], field: str, message: str) -> None:
    (problem,) = field_problems(findings(given))
    assert problem.field == field
    assert problem.message.startswith(message)
    assert SECRET not in problem.message


def test_every_message_has_a_case() -> None:
    """A message that asks for a word that Pydantic does not give would be an error of ours."""
    tried = {finding["type"] for given, *_ in CASES for finding in findings(given)}
    assert MESSAGES.keys() - tried == {"json_invalid", "string_shorter"}


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ({"type": "json_invalid", "loc": ("body", 17), "ctx": {"error": SECRET}}, "The body must be valid JSON"),
        ({"type": "missing", "loc": ("body",)}, "Body must be a JSON object"),
        ({"type": "model_attributes_type", "loc": ("body",)}, "Body must be a JSON object"),
    ],
)
def test_what_is_wrong_with_the_whole_body_has_no_field(finding: dict[str, Any], expected: str) -> None:
    assert field_problems([finding]) == [FieldProblem("", expected)]


def test_an_answer_does_not_outgrow_its_question() -> None:
    many = {f"field{number}": 1 for number in range(5000)}
    assert len(field_problems(findings(many))) == MOST_PROBLEMS
    (problem,) = field_problems(findings({"x" * 100_000: 1}))
    assert len(problem.field) == LONGEST_NAME
    assert len(problem.message) < 2 * LONGEST_NAME


def test_braces_in_a_name_are_only_braces() -> None:
    (problem,) = field_problems(findings({"{label.__class__}": 1}))
    assert problem.message == "{label.  class  } is not known here; leave it out"
