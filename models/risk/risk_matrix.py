"""The risk matrix as versioned data: a level is looked up in the version it was assessed with, never typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.enumerations import HarmKind, Likelihood, Patients, Recovery, Severity

OFFICIAL = "nhs-2018"


@dataclass(frozen=True, slots=True)
class Harm:
    """One way to reach a severity: the number of patients is part of the definition.

    `of` are the kinds of harm that it speaks of, and the recovery where that makes a difference.
    """

    harm: str
    patients: Patients
    of: tuple[tuple[HarmKind, Recovery | None], ...]


@dataclass(frozen=True, slots=True)
class RiskMatrix:
    """`levels` has a row for each likelihood, from the least; in it a level for each severity, from the least."""

    version: str
    name: str
    levels: Mapping[Likelihood, Mapping[Severity, int]]
    meanings: Mapping[int, str]
    severities: Mapping[Severity, tuple[Harm, ...]]
    likelihoods: Mapping[Likelihood, str]

    def level(self, severity: Severity, likelihood: Likelihood) -> int:
        """1 to 5, 5 is the worst."""
        return self.levels[likelihood][severity]

    def severity(
        self, kind: HarmKind, patients: Patients, recovery: Recovery | None = None
    ) -> tuple[Severity, Harm] | None:
        """The category of a harm with the words that define it; None where the matrix has none for it.

        Of an injury the recovery must be told, of other harms it makes no difference.
        """
        told = recovery if kind in INJURIES else None
        for severity, harms in self.severities.items():
            for harm in harms:
                if harm.patients is patients and (kind, told) in harm.of:
                    return severity, harm
        return None


def _rows(*rows: str) -> Mapping[Likelihood, Mapping[Severity, int]]:
    return {
        likelihood: dict(zip(Severity, map(int, row.split()), strict=True))
        for likelihood, row in zip(Likelihood, rows, strict=True)
    }


ONE, SEVERAL = Patients
QUICK, SLOW = Recovery
INJURIES = frozenset({HarmKind.SEVERE_INJURY, HarmKind.MINOR_INJURY})
"""Harms whose severity depends on the recovery that is expected."""

# NHS hazard log template v3.6, sheet "Risk Matrix", and DCB0160 implementation guidance v3.2, tables 7 to 10.
# It is no product of the two axes: 1 x 5 gives 3, but 2 x 3 gives 2.
_OFFICIAL_MATRIX = RiskMatrix(
    version=OFFICIAL,
    name="NHS clinical risk matrix (DCB0129 and DCB0160, 2018)",
    levels=_rows(
        "1 1 2 2 3",
        "1 2 2 3 4",
        "2 2 3 3 4",
        "2 3 3 4 5",
        "3 4 4 5 5",
    ),
    meanings={
        1: "Acceptable. No further action is needed.",
        2: "Acceptable where reducing it further would cost more than it gains, or is impractical.",
        3: "Undesirable. Try to remove or reduce it; acceptable only when reducing it further is impractical.",
        4: "The hazard must be removed, or controls must be added that bring the risk to an acceptable level.",
        5: "Unacceptable.",
    },
    severities={
        Severity.MINOR: (
            Harm(
                "Minor injury with a quick recovery, brief upset, inconvenience, or a negligible effect",
                ONE,
                ((HarmKind.MINOR_INJURY, QUICK), (HarmKind.UPSET, None), (HarmKind.NEGLIGIBLE, None)),
            ),
        ),
        Severity.SIGNIFICANT: (
            Harm("Minor injury without a quick recovery", ONE, ((HarmKind.MINOR_INJURY, SLOW),)),
            Harm("Significant psychological trauma", ONE, ((HarmKind.SIGNIFICANT_TRAUMA, None),)),
            Harm("Minor injury with a quick recovery", SEVERAL, ((HarmKind.MINOR_INJURY, QUICK),)),
            Harm("Brief upset or inconvenience", SEVERAL, ((HarmKind.UPSET, None),)),
        ),
        Severity.CONSIDERABLE: (
            Harm("Severe injury or incapacity with a quick recovery", ONE, ((HarmKind.SEVERE_INJURY, QUICK),)),
            Harm("Severe psychological trauma", ONE, ((HarmKind.SEVERE_TRAUMA, None),)),
            Harm("Minor injury without a quick recovery", SEVERAL, ((HarmKind.MINOR_INJURY, SLOW),)),
            Harm("Significant psychological trauma", SEVERAL, ((HarmKind.SIGNIFICANT_TRAUMA, None),)),
        ),
        Severity.MAJOR: (
            Harm("Death", ONE, ((HarmKind.DEATH, None),)),
            Harm(
                "Permanent life-changing incapacity, or a condition that will lead to it or to death",
                ONE,
                ((HarmKind.PERMANENT_INCAPACITY, None),),
            ),
            Harm("Severe injury or incapacity without a quick recovery", ONE, ((HarmKind.SEVERE_INJURY, SLOW),)),
            Harm("Severe injury or incapacity with a quick recovery", SEVERAL, ((HarmKind.SEVERE_INJURY, QUICK),)),
            Harm("Severe psychological trauma", SEVERAL, ((HarmKind.SEVERE_TRAUMA, None),)),
        ),
        Severity.CATASTROPHIC: (
            Harm("Death", SEVERAL, ((HarmKind.DEATH, None),)),
            Harm(
                "Permanent life-changing incapacity, or a condition that will lead to it or to death",
                SEVERAL,
                ((HarmKind.PERMANENT_INCAPACITY, None),),
            ),
            Harm("Severe injury or incapacity without a quick recovery", SEVERAL, ((HarmKind.SEVERE_INJURY, SLOW),)),
        ),
    },
    likelihoods={
        Likelihood.VERY_LOW: "Next to no possibility that it happens",
        Likelihood.LOW: "It could happen, but nearly always will not",
        Likelihood.MEDIUM: "It may happen",
        Likelihood.HIGH: "Not certain, but expected in most cases",
        Likelihood.VERY_HIGH: "Certain, almost certain, or highly likely",
    },
)

# An organisation may lay down its own matrix in its plan, and a revised standard may bring another: add, never edit.
MATRICES: Mapping[str, RiskMatrix] = {_OFFICIAL_MATRIX.version: _OFFICIAL_MATRIX}
