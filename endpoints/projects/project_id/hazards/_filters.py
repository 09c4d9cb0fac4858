"""What hazards of a log are asked for by, in its list and where all that a filter finds are changed at once."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from endpoints._fields import Line, TextInUrl
from models.enumerations import HazardStatus, Likelihood, Severity, Stage
from models.hazards.hazard_filters import HazardFilter
from models.users.people import Viewer

PERSON = r"^(me|nobody|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
NOBODY = UUID(int=0)
OWNER = "A user, me, or nobody: those that no member owns"
Level = Annotated[int, Field(ge=1, le=5)]


class Filters(BaseModel):
    """A hazard has to fit all of them; of `status` and `level` one of those that are named."""

    search: Line = ""
    status: list[HazardStatus] = Field([], max_length=20, description="May be repeated: any of them")
    level: list[Level] = Field([], max_length=20, description="May be repeated: any of them")
    type: Line | None = None
    owner: TextInUrl | None = None
    owner_id: Annotated[str, StringConstraints(pattern=PERSON)] | None = Field(None, description=OWNER)
    severity: Severity | None = None
    likelihood: Likelihood | None = None
    stage: Stage | None = Field(None, description="Of which rating level, severity and likelihood are")
    unassessed: bool | None = None
    stale: bool | None = Field(None, description="Whether the acceptance in force was given to another state")
    evidence_missing: bool | None = Field(None, description="Whether a control said to be in place lacks evidence")
    overdue: bool | None = Field(None, description="Whether its review or one of its controls is overdue")
    review_overdue: bool | None = None

    def given(self) -> dict[str, object]:
        """Those that somebody asked by, as Python has them."""
        return {
            name: getattr(self, name) for name, of in Filters.model_fields.items() if getattr(self, name) != of.default
        }

    def pairs(self) -> list[tuple[str, str]]:
        """The same as a form sends them."""
        lists = {name: value if isinstance(value, list) else [value] for name, value in self.given().items()}
        return [(name, written(one)) for name, values in lists.items() for one in values]


def written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def asked(filters: Filters, viewer: Viewer, sort: str = "number") -> HazardFilter:
    """`me` is who asks; who is not signed in owns nothing."""
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in filters.given().items()}
    if filters.owner_id == "nobody":
        given |= {"owner_id": None, "owned": False}
    elif filters.owner_id:
        given["owner_id"] = (viewer.user_id or NOBODY) if filters.owner_id == "me" else UUID(filters.owner_id)
    return HazardFilter(**given, sort=sort)  # type: ignore[arg-type]  # the names and kinds are the same
