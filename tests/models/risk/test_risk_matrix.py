"""Holds the official matrix to what the NHS published."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enumerations import HarmKind, Likelihood, Patients, Recovery, Severity
from models.risk.risk_matrix import INJURIES, MATRICES, OFFICIAL, RiskMatrix

MATRIX = MATRICES[OFFICIAL]
SEVERITIES, LIKELIHOODS = list(Severity), list(Likelihood)

positions = st.integers(0, 4)


def at(severity: int, likelihood: int) -> int:
    return MATRIX.level(SEVERITIES[severity], LIKELIHOODS[likelihood])


def test_has_as_many_cells_of_each_level_as_published() -> None:
    assert Counter(at(s, k) for s in range(5) for k in range(5)) == {1: 3, 2: 7, 3: 7, 4: 5, 5: 3}


@given(positions, positions)
def test_is_symmetric(a: int, b: int) -> None:
    assert at(a, b) == at(b, a)


@given(positions, positions, positions)
def test_never_falls_as_severity_or_likelihood_rises(a: int, b: int, other: int) -> None:
    low, high = sorted((a, b))
    assert at(low, other) <= at(high, other)
    assert at(other, low) <= at(other, high)


def test_is_no_banding_of_the_product() -> None:
    product_5, product_6 = at(4, 0), at(2, 1)
    product_10, product_12 = at(4, 1), at(3, 2)
    assert product_5 > product_6
    assert product_10 > product_12


def test_corners_and_cells_that_published_logs_get_wrong() -> None:
    assert at(0, 0) == 1
    assert at(4, 4) == 5
    assert MATRIX.level(Severity.MAJOR, Likelihood.MEDIUM) == 3
    assert MATRIX.level(Severity.MAJOR, Likelihood.VERY_LOW) == 2
    assert MATRIX.level(Severity.CATASTROPHIC, Likelihood.VERY_LOW) == 3
    assert MATRIX.level(Severity.MINOR, Likelihood.HIGH) == 2


def patients_for(matrix: RiskMatrix, harm: str) -> dict[Severity, str]:
    return {severity: row.patients for severity, rows in matrix.severities.items() for row in rows if row.harm == harm}


def test_the_death_of_one_patient_is_major_and_of_several_catastrophic() -> None:
    assert patients_for(MATRIX, "Death") == {Severity.MAJOR: "one", Severity.CATASTROPHIC: "several"}


def test_every_version_says_what_each_word_means() -> None:
    for version, matrix in MATRICES.items():
        assert matrix.version == version
        assert set(matrix.meanings) == {1, 2, 3, 4, 5}
        assert list(matrix.severities) == SEVERITIES
        assert list(matrix.likelihoods) == LIKELIHOODS
        assert all(matrix.severities.values())
        assert all(matrix.meanings.values())
        assert all(matrix.likelihoods.values())


# Harm, recovery, and the category for one patient and for several: the published table, row by row.
PUBLISHED = [
    (HarmKind.DEATH, None, "major", "catastrophic"),
    (HarmKind.PERMANENT_INCAPACITY, None, "major", "catastrophic"),
    (HarmKind.SEVERE_INJURY, Recovery.SLOW, "major", "catastrophic"),
    (HarmKind.SEVERE_INJURY, Recovery.QUICK, "considerable", "major"),
    (HarmKind.SEVERE_TRAUMA, None, "considerable", "major"),
    (HarmKind.MINOR_INJURY, Recovery.SLOW, "significant", "considerable"),
    (HarmKind.SIGNIFICANT_TRAUMA, None, "significant", "considerable"),
    (HarmKind.MINOR_INJURY, Recovery.QUICK, "minor", "significant"),
    (HarmKind.UPSET, None, "minor", "significant"),
    (HarmKind.NEGLIGIBLE, None, "minor", None),
]


@pytest.mark.parametrize(("kind", "recovery", "one", "several"), PUBLISHED)
def test_the_severity_of_a_harm_is_the_published_one(
    kind: HarmKind, recovery: Recovery | None, one: str, several: str | None
) -> None:
    for patients, wanted in ((Patients.ONE, one), (Patients.SEVERAL, several)):
        found = MATRIX.severity(kind, patients, recovery)
        assert (found[0] if found else None) == wanted
        if found:
            assert found[1] in MATRIX.severities[found[0]]


def test_recovery_counts_for_injuries_only() -> None:
    assert MATRIX.severity(HarmKind.DEATH, Patients.ONE, Recovery.QUICK) == MATRIX.severity(
        HarmKind.DEATH, Patients.ONE
    )
    assert MATRIX.severity(HarmKind.SEVERE_INJURY, Patients.ONE) is None
    assert {kind for kind, recovery, _, _ in PUBLISHED if recovery} == INJURIES


def test_every_definition_can_be_reached() -> None:
    reached = [MATRIX.severity(kind, patients, recovery) for kind, recovery, _, _ in PUBLISHED for patients in Patients]
    assert {id(found[1]) for found in reached if found} == {
        id(harm) for harms in MATRIX.severities.values() for harm in harms
    }
