"""Lists come in pages, counted from 1, in one shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from endpoints._paging import Page, Paging, pagination


@pytest.mark.parametrize(
    ("total", "page", "limit", "expected"),
    [
        (0, 1, 20, (1, False, False)),
        (1, 1, 20, (1, False, False)),
        (20, 1, 20, (1, False, False)),
        (21, 1, 20, (2, True, False)),
        (21, 2, 20, (2, False, True)),
        (57, 2, 20, (3, True, True)),
        (57, 9, 20, (3, False, True)),
        (3, 2, 1, (3, True, True)),
    ],
)
def test_a_page_knows_its_neighbours(total: int, page: int, limit: int, expected: tuple[int, bool, bool]) -> None:
    found = pagination(total, page, limit)
    assert (found.total_pages, found.has_next, found.has_prev) == expected
    assert (found.total, found.page, found.page_size) == (total, page, limit)


@given(total=st.integers(0, 10**9), page=st.integers(1, 10**6), limit=st.integers(1, 100))
def test_the_pages_hold_everything_and_none_is_empty(total: int, page: int, limit: int) -> None:
    found = pagination(total, page, limit)
    assert (found.total_pages - 1) * limit < max(total, 1) <= max(found.total_pages * limit, 1)
    assert found.has_next == (page * limit < total)


def test_the_first_twenty_are_asked_for_unless_told_otherwise() -> None:
    assert (Paging.model_validate({}).page, Paging.model_validate({}).limit) == (1, 20)
    asked = Paging.model_validate({"page": "1000000", "limit": "100"})
    assert (asked.page, asked.limit) == (1_000_000, 100)


@pytest.mark.parametrize(
    "asked",
    [{"page": "0"}, {"page": "-1"}, {"page": "1000001"}, {"limit": "0"}, {"limit": "101"}, {"page": "x"}, {"page": ""}],
)
def test_a_page_that_cannot_be_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Paging.model_validate(asked)


def test_the_shape_is_that_of_the_published_api() -> None:
    class Thing(BaseModel):
        name: str

    page = Page[Thing](data=[Thing(name="a")], pagination=pagination(3, 1, 1))
    assert page.model_dump() == {
        "data": [{"name": "a"}],
        "pagination": {"total": 3, "page": 1, "page_size": 1, "total_pages": 3, "has_next": True, "has_prev": False},
    }
