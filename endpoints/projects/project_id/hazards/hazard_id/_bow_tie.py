"""The bow-tie of the hazard of the path, as a page and a program get it."""

from uuid import UUID

from endpoints._bow_tie import BowTie, BowTieCause, BowTieControl, BowTieHarm
from endpoints.projects.project_id.hazards._hazard import Hazard
from models.hazards import bow_ties


async def of_hazard(hazard: Hazard) -> BowTie:
    """Where no harm has a record of its own, what the hazard says of harm is the one harm."""
    found = await bow_ties.of_hazard(hazard.id)
    acting = {control["id"]: control["acts_on"] for control in found["controls"]}

    def on(target: UUID) -> list[UUID]:
        return [key for key, targets in acting.items() if target in targets]

    harms = [BowTieHarm(**harm, controls=on(harm["id"])) for harm in found["harms"]]
    if not harms and hazard.harm:
        harms = [BowTieHarm(id=None, description=hazard.harm, controls=[])]
    return BowTie(
        reference=hazard.reference,
        name=hazard.name,
        causes=[BowTieCause(**cause, controls=on(cause["id"])) for cause in found["causes"]],
        harms=harms,
        controls=[BowTieControl(**control, sign=f"C{n}") for n, control in enumerate(found["controls"], 1)],
        untargeted=[key for key, targets in acting.items() if not targets],
    )
