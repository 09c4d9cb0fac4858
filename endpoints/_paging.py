"""Lists come in pages: what a caller may ask, and the shape in which every page is answered."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

Item = TypeVar("Item")


class Paging(BaseModel):
    """`page` counts from 1; the bound keeps the offset inside what a database can count."""

    page: int = Field(1, ge=1, le=1_000_000)
    limit: int = Field(20, ge=1, le=100)


class Pagination(BaseModel):
    total: int
    page: int
    page_size: int
    total_pages: int
    has_next: bool
    has_prev: bool


class Page(BaseModel, Generic[Item]):
    """One page of a list; of the abstract `Sequence`, Pydantic would write each item by way of Python."""

    data: list[Item]
    pagination: Pagination


def pagination(total: int, page: int, limit: int) -> Pagination:
    pages = max(1, -(-total // limit))
    return Pagination(
        total=total, page=page, page_size=limit, total_pages=pages, has_next=page < pages, has_prev=page > 1
    )


Pages = Annotated[Paging, Query()]
