"""What a hazard log holds once it is read, whatever its layout was."""

from dataclasses import dataclass
from datetime import date

from errors import TurvaError
from models.enumerations import ControlKind, ControlStage, HazardStatus, Likelihood, Severity, Stage


@dataclass(frozen=True, slots=True)
class Rating:
    """`stored_level` is the level from 1 to 5 that the file holds beside the words; None if it holds none."""

    severity: Severity
    likelihood: Likelihood
    stored_level: int | None
    justification: str


@dataclass(frozen=True, slots=True)
class OwnRating:
    """A rating in words or numbers of the log's own, which no matrix of ours has: a person must assess the hazard.

    `recorded` is what the file says, each part behind its heading; it is kept with the hazard as well.
    """

    row: int
    stage: Stage
    recorded: str


@dataclass(frozen=True, slots=True)
class LoggedControl:
    """`kind` is None where the layout has one column for controls of every kind."""

    kind: ControlKind | None
    stage: ControlStage
    description: str
    evidence: str


@dataclass(frozen=True, slots=True)
class LoggedHazard:
    """One hazard as the file has it; `row` is counted as a spreadsheet counts, from 1.

    `status_justification` is what the status cell says beyond one plain word. `recorded` holds the texts for which
    there is no field, each under a heading of its own (columns of one's own, risk words such as "Moderate"); whoever
    stores the hazard keeps them.
    """

    row: int
    number: str
    name: str
    description: str
    effect: str
    harm: str
    causes: tuple[str, ...]
    controls: tuple[LoggedControl, ...]
    initial: Rating | None
    residual: Rating | None
    owner: str
    status: HazardStatus
    identified_date: date | None
    status_justification: str = ""
    recorded: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do; never what the cell holds. `row` None: it concerns the whole file."""

    row: int | None
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class HazardLog:
    """`hazards` are the rows that could be read whole; a row named in `problems` is not among them.

    `notes` stop nothing: what was understood with some latitude, so that the person who imports can look.
    """

    layout: str
    hazards: tuple[LoggedHazard, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    own_ratings: tuple[OwnRating, ...] = ()


class HazardLogRefused(TurvaError):
    """Nothing can be read from this file; `detail` says why and what to do."""

    status = 422
    code = "FILE_NOT_UNDERSTOOD"
    title = "The file could not be read"
    detail = "Save your hazard log as an Excel workbook (.xlsx) or as CSV, then try again."


class LayoutNotRecognised(HazardLogRefused):
    code = "LAYOUT_NOT_RECOGNISED"
    title = "The headings of the hazard log were not recognised"


class UnsafeFile(HazardLogRefused):
    """The file would do something on opening, points outside itself, or unpacks to more than a hazard log holds."""

    code = "FILE_NOT_SAFE"
    title = "The file is not safe to read"
