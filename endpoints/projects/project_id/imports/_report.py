"""How the report of an import is shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from endpoints._links import Url
from models.enumerations import HazardStatus, Stage
from models.projects.imports import Import


class Disagreement(BaseModel):
    """A level that the file stored and the matrix does not give; both are kept with the hazard."""

    row: int
    stage: Stage
    stored: int
    derived: int


class OwnRating(BaseModel):
    """A rating in words or numbers of the log's own, kept as text: a person assesses the hazard."""

    row: int
    stage: Stage
    recorded: str


class LeftOpen(BaseModel):
    """A hazard that the file has closed or transferred, and that came in open, as who imported may do neither."""

    row: int
    status: HazardStatus


class Problem(BaseModel):
    row: int | None
    column: str
    message: str


class Report(BaseModel):
    id: UUID
    file_name: str
    recognised_layout: str
    imported: int
    skipped: int
    disagreements: list[Disagreement]
    left_open: list[LeftOpen] = []
    to_assess: list[OwnRating] = []
    problems: list[Problem]
    notes: list[Problem]
    created_date: datetime
    url: Url


def report_of(project_id: UUID, record: Import) -> dict[str, Any]:
    return {
        **record.report,
        "id": record.id,
        "file_name": record.file_name,
        "created_date": record.created_date,
        "url": f"/projects/{project_id}/imports/{record.id}/",
    }
