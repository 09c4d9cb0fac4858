"""The project that a newcomer is shown, read from our own plain data into the same records as a hazard log."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from exchange.records import HazardLog, LoggedControl, LoggedHazard, Rating
from models.enumerations import (
    ControlKind,
    ControlStage,
    HazardStatus,
    Likelihood,
    Severity,
    Standard,
    Visibility,
)

LAYOUT = "demonstration"
TEXTS = ("number", "name", "description", "effect", "harm", "owner", "status_justification")


@dataclass(frozen=True, slots=True)
class DemoProject:
    name: str
    description: str
    standard: Standard
    visibility: Visibility
    log: HazardLog


def read_demo_project(content: bytes | str) -> DemoProject:
    """Raises KeyError or ValueError where the data, which is ours, has a mistake."""
    held = json.loads(content)
    hazards = tuple(_hazard(row, hazard) for row, hazard in enumerate(held["hazards"], start=1))
    return DemoProject(
        name=held["name"],
        description=held["description"],
        standard=Standard(held["standard"]),
        visibility=Visibility(held["visibility"]),
        log=HazardLog(LAYOUT, hazards, ()),
    )


def _hazard(row: int, held: Mapping[str, Any]) -> LoggedHazard:
    return LoggedHazard(
        row=row,
        **{name: held[name] for name in TEXTS},
        causes=tuple(held["causes"]),
        controls=tuple(map(_control, held["controls"])),
        initial=_rating(held["initial"]),
        residual=_rating(held["residual"]),
        status=HazardStatus(held["status"]),
        identified_date=date.fromisoformat(held["identified_date"]),
    )


def _control(held: Mapping[str, str]) -> LoggedControl:
    kind, stage = ControlKind(held["kind"]), ControlStage(held["stage"])
    return LoggedControl(kind, stage, held["description"], held["evidence"])


def _rating(held: Mapping[str, str] | None) -> Rating | None:
    if held is None:
        return None
    return Rating(Severity(held["severity"]), Likelihood(held["likelihood"]), None, held["justification"])
