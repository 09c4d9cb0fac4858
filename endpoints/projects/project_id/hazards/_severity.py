"""The severity that the published definitions give to what is expected to happen to patients."""

from pydantic import BaseModel, ConfigDict

from endpoints._forms import ASKED
from models.enumerations import HarmKind, Patients, Recovery, Severity
from models.risk.risk_matrix import MATRICES

WORDS = {Patients.ONE: "one patient", Patients.SEVERAL: "several patients"}


class Expected(BaseModel):
    """What is expected to happen to patients; `recovery` counts for injuries only."""

    harm: HarmKind | None = None
    patients: Patients | None = None
    recovery: Recovery | None = None


class AskedInForm(Expected):
    """The same inside a form about something else; `find` is whether its button was pressed."""

    model_config = ConfigDict(alias_generator=lambda name: name + ASKED)

    find: bool = False


class Category(BaseModel):
    """The severity that the matrix gives what is expected, and the words that define it."""

    severity: Severity
    definition: str


def category_of(matrix_version: str, told: Expected) -> Category | None:
    if told.harm is None or told.patients is None:
        return None
    found = MATRICES[matrix_version].severity(told.harm, told.patients, told.recovery)
    if found is None:
        return None
    severity, harm = found
    return Category(severity=severity, definition=f"{harm.harm}, {WORDS[told.patients]}")
