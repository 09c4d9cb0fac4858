"""What the boxes of a hazard's form hold, of a hazard as it is and as history tells it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from endpoints._merge import Boxes, Edited, texts
from endpoints.projects.project_id.hazards._hazard import Hazard
from models.enumerations import ControlStage
from models.hazards.hazard_log import in_order

TEXTS = ("name", "description", "effect", "harm", "condition", "source", "owner", "owner_id", "review_date")
STAGES = {"existing_controls": ControlStage.EXISTING, "additional_controls": ControlStage.ADDITIONAL}


def edited(project_id: UUID, hazard: Hazard, harms: list[str]) -> Edited:
    state = {**hazard.model_dump(), "harms": harms}
    return Edited("hazard", hazard.id, project_id, hazard.version, state, boxes)


def boxes(state: Mapping[str, Any]) -> Boxes:
    """Also of some fields alone; what is named by a key is told by its words, and a form sends words."""
    found = texts(state, TEXTS)
    for name in ("causes", "harms", *STAGES):
        if name in state:
            found[name] = [words(one) for one in state[name]]
    if "types" in state:
        found["types"] = in_order(state["types"])
    if "controls" in state:
        for name, stage in STAGES.items():
            found[name] = [words(control) for control in state["controls"] if control["stage"] == stage]
    return found


def words(entry: str | Mapping[str, Any]) -> str:
    return entry if isinstance(entry, str) else str(entry["description"])
