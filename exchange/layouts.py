"""The layouts that are understood, as data: which heading, in whose words, holds which field of a hazard."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from exchange.words import plain

# Fields that are one column each. HAZARD is the cell that tells what the hazard is; a layout may name it as well.
NUMBER = "number"
NAME = "name"
HAZARD = "hazard"
EFFECT = "effect"
HARM = "harm"
CAUSES = "causes"
DATE = "identified_date"
OWNER = "owner"
STATUS = "status"
ACTIONS = "actions"


def control_field(stage: str, kind: str, part: str) -> str:
    """`kind` is a ControlKind or "any", `part` "description" or "evidence"."""
    return f"{stage}.{kind}.{part}"


def rating_field(stage: str, part: str) -> str:
    """`stage` is a Stage, `part` severity, likelihood, risk or justification."""
    return f"{stage}.{part}"


@dataclass(frozen=True, slots=True)
class Layout:
    """`headings` maps a heading, with the groups above it, in plain() form, to its field.

    `repeated` are headings that stand several times without a group: their fields from left to right.
    `own_words`: its ratings and status are in words and numbers of its own. What is not official is kept as text.
    """

    name: str
    description: str
    headings: Mapping[str, str]
    repeated: Mapping[str, tuple[str, ...]]
    required: frozenset[str]
    own_words: bool = False


def heading_words(text: str) -> str:
    return plain(text[:300].replace("#", " no "))


def _headings(field: str, groups: Iterable[str], leaves: Iterable[str]) -> dict[str, str]:
    return {heading_words(f"{group} {leaf}"): field for group, leaf in product(groups, leaves)}


SINGLE = {
    NUMBER: ("No.", "Number", "Hazard Number", "Hazard No.", "Hazard #", "Hazard ID", "Hazard Ref", "ID", "Ref", "#"),
    NAME: ("Hazard Name", "Hazard Title", "Name"),
    DATE: ("Date Added", "Date Identified", "Date Raised", "Date Opened"),
    CAUSES: ("Possible Causes", "Possible Cause(s)", "Causes", "Cause(s)", "Cause"),
    HARM: ("Harm", "Potential Harm"),
    OWNER: ("Owner", "Hazard Owner", "Actions Owner", "Action Owner"),
    STATUS: ("Status", "Hazard Status"),
    ACTIONS: ("Actions Summary", "Action Summary", "Actions"),
}
# "Consequence" is the older word for severity. The misspellings were all found in published logs.
RATINGS = {
    "severity": ("Severity", "Consequence"),
    "likelihood": ("Likelihood", "Likelihoos", "Likelyhood"),
    "risk": ("Risk", "Risk Rating", "Rating", "Risk Level", "Level", "Risk Score", "Score"),
    "justification": ("Justification", "Rationale"),
}
RATING_GROUPS = {
    "initial": (
        "Initial", "Intial", "Initial Risk", "Intial Risk", "Initial Risk Assessment", "Initial Hazard Risk Assessment",
        "Initial Risk Rating", "Initial Hazard Risk Rating", "Initial Risk Initial Risk Assessment",
    ),
    "residual": (
        "Residual", "Residual Risk", "Residual Risk Assessment", "Residual Hazard Risk Assessment",
        "Residual Risk Rating", "Residual Hazard Risk Rating", "Residual Risk Residual Risk Assessment",
    ),
}  # fmt: skip
KINDS = {
    "design": ("HIT Design", "Design", "Design Control", "Design Controls"),
    "test": ("Test", "Testing", "Test Control", "Test Controls", "Testing Controls"),
    "training": ("User Training", "Training", "Training Control", "Training Controls", "Training Contrpl"),
    "business_process": (
        "Business Process", "Business Process Change", "Business Process Control", "Business Process Controls",
        "Business Process Change Control",
    ),
}  # fmt: skip
CONTROL_GROUPS = {
    "existing": ("Existing Controls", "Existing", "Initial Risk Existing Controls"),
    "additional": ("Additional Controls", "Additional", "Residual Risk Additional Controls"),
}


def _shared() -> dict[str, str]:
    """The headings that mean the same in every layout."""
    known: dict[str, str] = {}
    for field, leaves in SINGLE.items():
        known |= _headings(field, ("",), leaves)
    for (stage, groups), (part, leaves) in product(RATING_GROUPS.items(), RATINGS.items()):
        known |= _headings(rating_field(stage, part), groups, leaves)
    for (stage, groups), (kind, leaves) in product(CONTROL_GROUPS.items(), KINDS.items()):
        known |= _headings(control_field(stage, kind, "description"), groups, leaves)
        with_part = [f"{leaf} Description" for leaf in leaves]
        known |= _headings(control_field(stage, kind, "description"), groups, with_part)
        known |= _headings(control_field(stage, kind, "evidence"), groups, [f"{leaf} Evidence" for leaf in leaves])
    return known


def _any_kind() -> dict[str, str]:
    """Controls in one column, whatever their kind."""
    known: dict[str, str] = {}
    for stage in CONTROL_GROUPS:
        for part, endings in (("description", ("", "Description")), ("evidence", ("Evidence",))):
            known |= _headings(control_field(stage, "any", part), (f"{stage} Controls", f"{stage} Control"), endings)
    return known


def _pairs(parts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return {
        heading_words(leaf): (rating_field("initial", part), rating_field("residual", part))
        for part in parts
        for leaf in RATINGS[part]
    }


OFFICIAL_KINDS = tuple(product(("existing", "additional"), ("design", "training", "business_process")))
HAZARD_GROUPS = ("", "Hazard Description", "Hazard Assessment Hazard Description")

OFFICIAL = Layout(
    name="official-3.6",
    description="The NHS hazard log template, version 3.6: four rows of headings, 28 columns",
    headings=_shared()
    | _headings(HAZARD, HAZARD_GROUPS, ("Hazard",))
    | _headings(EFFECT, HAZARD_GROUPS, ("Effect",))
    | _headings(HARM, HAZARD_GROUPS, ("Harm",))
    | _headings(CAUSES, HAZARD_GROUPS, ("Possible Causes", "Causes")),
    repeated=_pairs(RATINGS)
    | {part: tuple(control_field(*kind, part) for kind in OFFICIAL_KINDS) for part in ("description", "evidence")},
    required=frozenset({HAZARD, EFFECT, HARM, CAUSES, "initial.severity", "initial.likelihood"}),
)
IG_TABLE_2 = Layout(
    name="ig-table-2",
    description="The older NHS columns (DCB0129 implementation guidance 3.2, table 2), with Hazard Name and Test",
    headings=_shared()
    | _any_kind()
    | {
        heading: control_field("additional", kind, "description")
        for kind, leaves in KINDS.items()
        for heading in map(heading_words, leaves)
    }
    | _headings(HAZARD, ("",), ("Hazard Description", "Description"))
    | _headings(EFFECT, ("",), ("Potential Clinical Impact", "Clinical Impact", "Potential Impact"))
    | {"summary": ACTIONS},
    repeated=_pairs(("severity", "likelihood", "risk")),
    required=frozenset({NAME, EFFECT, "initial.severity", "initial.likelihood"}),
)
CLINICAL_REFERRAL = Layout(
    name="clinical-referral-csv",
    description="14 columns with Hazard, Clinical effect and Control evidence, and words such as Moderate for the risk",
    headings=_shared()
    | _any_kind()
    | _headings(HAZARD, ("",), ("Hazard",))
    | _headings(EFFECT, ("",), ("Clinical effect",))
    | {"control evidence": control_field("existing", "any", "evidence")},
    repeated={},
    required=frozenset({HAZARD, EFFECT, "initial.severity", "initial.likelihood"}),
)

# Pages of the Digital Clinical Safety Platform, one hazard each; the residual risk is told in words.
DCSP = Layout(
    name="dcsp-pages",
    description="Markdown pages of the Digital Clinical Safety Platform, with Likelihood scoring and Severity scoring",
    headings={heading: field for heading, field in _shared().items() if "." not in field}
    | _any_kind()
    | _headings(HAZARD, ("",), ("Description",))
    | _headings(EFFECT, ("",), ("Effect",))
    | _headings(control_field("additional", "any", "description"), ("",), ("New hazard controls",))
    | {f"{part} scoring": rating_field("initial", part) for part in ("likelihood", "severity", "risk")}
    | {"residual hazard risk assessment": rating_field("residual", "risk")},
    repeated={},
    required=frozenset({NAME, "initial.severity", "initial.likelihood"}),
    own_words=True,
)
# "L" and "S" count from 1 to 5 on scales that the log explains elsewhere or not at all; "Risk" is their product.
JOINT_JOURNEY = Layout(
    name="joint-journey",
    description="Columns such as Init L, Init S and Res L, Res S: numbers of its own, kept for a person to assess",
    headings={heading: field for heading, field in _shared().items() if "." not in field}
    | _any_kind()
    | _headings(HAZARD, ("",), ("Hazard",))
    | _headings(EFFECT, ("",), ("Effect",))
    | _headings(control_field("additional", "any", "description"), ("",), ("Further Mitigations",))
    | {
        heading: rating_field(stage, part)
        for stage, groups in (("initial", ("Init", "Initial")), ("residual", ("Res", "Residual")))
        for part, leaf in (("likelihood", "L"), ("severity", "S"), ("risk", "L x S"), ("risk", "L S"))
        for heading in _headings("", groups, (leaf,))
    }
    | {"init risk": "initial.risk", "res risk": "residual.risk", "residual risk": "residual.risk"},
    repeated={},
    required=frozenset({HAZARD, EFFECT, "initial.risk"}),
    own_words=True,
)

ALL = (OFFICIAL, IG_TABLE_2, CLINICAL_REFERRAL, JOINT_JOURNEY, DCSP)
