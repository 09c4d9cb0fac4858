"""Adds a file or a link, and says what it is about."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, UploadFile
from pydantic import BaseModel

from authentication.access import may, requires
from config import Settings
from endpoints._depends import CurrentActor, CurrentProject, CurrentSettings, CurrentViewer
from endpoints._drafts import keeps_draft
from endpoints._fields import RequiredLine, Text
from endpoints._forms import upload_limit
from endpoints.projects._project import Project
from endpoints.projects.project_id.evidence._evidence import (
    Choices,
    Evidence,
    Keys,
    Reference,
    WebLink,
    choices_for,
)
from errors import FieldProblem, Invalid, TooLarge
from models.enumerations import EvidencePurpose
from models.evidence import evidence_additions, evidence_list
from models.evidence.evidence_about import Targets
from models.evidence.evidence_additions import NewEvidence
from models.evidence.evidence_content import examined
from models.evidence.evidence_types import TYPES

router = APIRouter()

EXAMINER = ThreadPoolExecutor(2, thread_name_prefix="evidence")
"""Two files at a time a process: unpacking a package is pure computation."""
NEITHER = "Choose a file, or enter a link"
BOTH = "Choose either a file or a link. Add the other as a piece of its own"


class Asked(BaseModel):
    hazard: Reference = ""
    control: UUID | None = None


class EvidenceForm(Choices):
    """`endings` are those of the names of files that are taken; `most_bytes` is the largest."""

    project: Project
    endings: list[str] = list(TYPES)
    most_bytes: int


@router.get("/")
@requires(may("evidence:write"))
@keeps_draft
async def form(project: CurrentProject, settings: CurrentSettings, asked: Annotated[Asked, Query()]) -> EvidenceForm:
    """What may be sent; with `hazard` (its reference) or `control`, what it may be about there."""
    about = await choices_for(project.id, asked.hazard, asked.control)
    return EvidenceForm(**about, project=Project.model_validate(project), most_bytes=settings.EVIDENCE_MAX_BYTES)


def most_bytes(settings: Settings) -> int:
    return settings.EVIDENCE_MAX_BYTES


@router.post("/", status_code=201)
@upload_limit(most_bytes)
@requires(may("evidence:write"))
async def create(  # noqa: PLR0913 - each is a box of the form
    project: CurrentProject,
    actor: CurrentActor,
    viewer: CurrentViewer,
    settings: CurrentSettings,
    title: Annotated[RequiredLine, Form()],
    purpose: Annotated[EvidencePurpose, Form()],
    file: Annotated[UploadFile | None, File(description="Its kind is told by its content")] = None,
    link: Annotated[WebLink | None, Form(description="In place of a file")] = None,
    description: Annotated[Text, Form()] = "",
    hazards: Annotated[Keys, Form()] = [],  # noqa: B006 - FastAPI copies it
    controls: Annotated[Keys, Form()] = [],  # noqa: B006
    assessments: Annotated[Keys, Form()] = [],  # noqa: B006
) -> Evidence:
    """A file or a link, attached at once to all that it is about; 409 when one of these hazards is closed."""
    targets = Targets(hazards, controls, assessments)
    sent = file if file and file.filename else None  # a browser sends a nameless file when none was chosen
    refuse_unless_one(sent, link)
    content = None
    if sent:
        if (sent.size or 0) > settings.EVIDENCE_MAX_BYTES:
            raise TooLarge(f"A file of evidence may have at most {settings.EVIDENCE_MAX_BYTES:,} bytes.")
        examining = partial(examined, sent.file, sent.filename or "")
        content = await asyncio.get_running_loop().run_in_executor(EXAMINER, examining)
    new = NewEvidence(title, description, str(link) if link else None, content)
    key = await evidence_additions.create(actor, project.id, new, targets, purpose, sent.file if sent else None)
    return Evidence.model_validate(await evidence_list.find(project.id, key, viewer))


def refuse_unless_one(file: Any, link: Any) -> None:
    if bool(file) == bool(link):
        raise Invalid(problems=[FieldProblem("file", BOTH if file else NEITHER)])
