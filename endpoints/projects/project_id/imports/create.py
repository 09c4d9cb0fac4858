"""Reads a hazard log from a file into a project: a workbook, a CSV or Markdown, in one of the layouts understood."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import BaseModel

from authentication.access import may, requires
from authentication.permissions import allows
from endpoints._depends import CurrentActor, CurrentProject
from endpoints.projects._project import Project
from endpoints.projects.project_id.imports._report import Report, report_of
from errors import FieldProblem, Invalid
from exchange.hazard_log import LAYOUTS
from models.projects import importing
from models.projects.importing import ImportedBefore, OnProblem
from models.projects.imports import Import

router = APIRouter()

READER = ThreadPoolExecutor(1, thread_name_prefix="import")
"""One file at a time a process: reading is pure computation and takes memory by the hundred megabytes."""


class Choices(BaseModel):
    project: Project
    layouts: dict[str, str]


@router.get("/")
@requires(may("hazard:import"))
async def choices(project: CurrentProject) -> Choices:
    """The layouts that are understood."""
    return Choices(project=Project.model_validate(project), layouts=LAYOUTS)


@router.post("/", status_code=201)
@requires(may("hazard:import"))
async def create(
    project: CurrentProject,
    actor: CurrentActor,
    file: Annotated[UploadFile, File(description="An .xlsx, .csv or .md file")],
    layout: Annotated[str | None, Form(description="Only when it is not recognised")] = None,
    on_problem: Annotated[OnProblem, Form()] = OnProblem.REFUSE,
) -> Report:
    """Import every row, or nothing; with `on_problem` skip, every row that can be read.

    Who may not change a status gets closed and transferred hazards as open ones, told in `left_open`.
    A file that was imported before is 409 IMPORTED_BEFORE, with the report of that import in `current`.
    With check, nothing: 409 ONLY_CHECKED, whose `errors` are what a report would tell.
    """
    if layout and layout not in LAYOUTS:
        raise Invalid(problems=[FieldProblem("layout", f"Select a layout: {', '.join(LAYOUTS)}")])
    may_close = allows("hazard:status", project.role)
    reading = partial(importing.read, file.file, file.filename or "hazard log", layout or None, may_close=may_close)
    log = await asyncio.get_running_loop().run_in_executor(READER, reading)
    try:
        return await found(project.id, await importing.store(actor, project, log, on_problem))
    except ImportedBefore as again:
        again.current = (await found(project.id, again.import_id)).model_dump(mode="json")
        again.remedy = str(again.current["url"])
        raise


async def found(project_id: UUID, import_id: UUID) -> Report:
    return Report.model_validate(report_of(project_id, await Import.objects.get(id=import_id)))
