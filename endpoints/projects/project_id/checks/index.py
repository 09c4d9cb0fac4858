"""What the quality checks find in a hazard log, by severity and rule."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, WithJsonSchema

from authentication.access import may, requires
from checks import rules
from checks.rule import Gravity
from endpoints._depends import CurrentProject
from endpoints._links import Url
from endpoints._paging import Page, Paging, pagination
from endpoints.projects._project import Project
from endpoints.projects.project_id.checks._finding import Rule
from models.enumerations import HazardStatus
from models.hazards import hazard_log
from models.projects import check_report

router = APIRouter()


def known(rule: str) -> str:
    if rule not in rules.BY_ID:
        raise ValueError("Choose a rule of the list, such as HAZ001")
    return rule


RuleId = Annotated[str, AfterValidator(known), WithJsonSchema({"type": "string", "enum": sorted(rules.BY_ID)})]


class Wanted(Paging):
    severity: Gravity | None = None
    rule: RuleId | None = None


class FoundHazard(BaseModel):
    id: UUID
    reference: str
    name: str
    status: HazardStatus
    url: Url


class Found(BaseModel):
    """What one rule finds in one hazard."""

    rule: Rule
    hazard: FoundHazard
    messages: list[str]


class RuleCount(Rule):
    """In how many hazards a rule finds something."""

    hazards: int


class Checks(Page[Found]):
    """`checked` counts the hazards of the log, `clean` those in which nothing is found; both leave out the filter."""

    project: Project
    wanted: Wanted
    checked: int
    clean: int
    by_severity: dict[Gravity, int]
    rules: list[RuleCount]


@router.get("/")
@requires(may("hazard:read"))
async def report(project: CurrentProject, wanted: Annotated[Wanted, Query()]) -> Checks:
    """The gravest rule first, and for each rule the hazards in which it finds something, by their numbers."""
    whole = await check_report.of_project(project.id)
    asked = [
        rule for rule in rules.RULES if wanted.severity in (None, rule.severity) and wanted.rule in (None, rule.id)
    ]
    start = (wanted.page - 1) * wanted.limit
    told, total = await check_report.page(project.id, whole, asked, start, wanted.limit)
    return Checks(
        data=[shown(project.id, found) for found in told],
        pagination=pagination(total, wanted.page, wanted.limit),
        project=Project.model_validate(project),
        wanted=wanted,
        checked=whole.hazards,
        clean=whole.clean,
        by_severity=whole.by_severity(),
        rules=[
            RuleCount(**Rule.model_validate(rule).model_dump(), hazards=len(whole.found[rule.id]))
            for rule in rules.RULES
        ],
    )


def shown(project_id: UUID, found: check_report.Found) -> Found:
    hazard = found.hazard
    return Found(
        rule=Rule.model_validate(found.rule),
        hazard=FoundHazard(
            id=hazard.id,
            reference=hazard_log.reference(hazard.number),
            name=hazard.name,
            status=hazard.status,
            url=hazard_log.url(project_id, hazard.id),
        ),
        messages=list(found.messages),
    )
