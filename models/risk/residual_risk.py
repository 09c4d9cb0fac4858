"""Residual risk as it is evidenced, beside the one that is claimed (DCB0129 6.1.4, 6.3.2, 6.3.3)."""

from collections.abc import Mapping
from typing import Any

from models.enumerations import ControlStage, ControlState

NEVER_ACCEPTABLE, UNDESIRABLE = 4, 3
"""Levels: from the first on no risk is acceptable, the second is when less is impractical (guidance, table 10)."""

Rating = Mapping[str, Any]


def current(hazard: Mapping[str, Any]) -> Rating | None:
    """The assessment that counts now: the residual one where there is one, else the initial one."""
    found: Rating | None = hazard["residual"] or hazard["initial"]
    return found


def evidenced(hazard: Mapping[str, Any]) -> dict[str, Any] | None:
    """The residual rating as far as controls bear it out; None while none is claimed.

    The claimed rating counts once there are additional controls and each that was not withdrawn is verified. Until then
    it falls back to the initial rating, never to a better one; without an initial assessment nothing is known.
    """
    claimed, initial = hazard["residual"], hazard["initial"]
    if claimed is None:
        return None
    additional = [control for control in hazard["controls"] if control["stage"] is ControlStage.ADDITIONAL]
    kept = [control for control in additional if control["state"] is not ControlState.WITHDRAWN]
    waiting_for = [control for control in kept if control["state"] is not ControlState.VERIFIED]
    falls_back = bool(waiting_for) or not kept
    counts = (worse(claimed, initial) if falls_back else claimed) or {}
    rating = {name: counts.get(name) for name in ("level", "severity", "likelihood")}
    return {**rating, "falls_back": falls_back, "waiting_for": waiting_for}


def worse(claimed: Rating, initial: Rating | None) -> Rating | None:
    """What counts while controls do not bear out what is claimed; None where nobody assessed the initial risk."""
    return initial if initial is None or initial["level"] >= claimed["level"] else claimed


def decided_on(hazard: Mapping[str, Any]) -> Rating | None:
    """The assessment that whoever accepts the risk decides on: what is claimed only once it is evidenced.

    None where the initial risk is not assessed, as it is in any case (4.4.1).
    """
    claimed, initial, evidence = hazard["residual"], hazard["initial"], hazard["residual_evidenced"]
    if claimed is None or initial is None:
        found: Rating | None = initial
        return found
    return worse(claimed, initial) if evidence["falls_back"] else claimed


def levels(hazard: Mapping[str, Any]) -> set[int]:
    """The levels that count: of the current rating, and what the controls bear out where that is another one."""
    return {rating["level"] for rating in (current(hazard), hazard["residual_evidenced"]) if rating and rating["level"]}
