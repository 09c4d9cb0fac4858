"""Puts a version of history into words: each field that changed, what went out of it and what came in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol

from endpoints._words import label, show_datetime, show_day
from models.enumerations import CauseStatus, HazardLinkKind

NOTHING: Mapping[str, str] = MappingProxyType({})
LABELS = {
    "acceptance": "Accepted",
    "alarp": "Why less is impractical",
    "archived_date": "Archived",
    "brings_hazards": "Brings new hazards or changes other risks",
    "brings_hazards_reason": "Why it does or does not",
    "condition": "Arises in",
    "due_date": "Due by",
    "evidence_links": "Evidence",
    "initial": "Initial risk",
    "owner_id": "Member who owns it",
    "preference": "Place in the order of preference",
    "raised": "Hazards it brings",
    "recorded": "As the imported log recorded it",
    "recorded_number": "Number in the imported log",
    "residual": "Residual risk",
    "responsible": "Who has to act",
    "review_date": "Review by",
    "source": "How it was found",
}
# Every page of a hazard says its reference, no person knows it by its key, and of a status the reason is told.
LEFT_OUT = {"id", "number", "state_justification"}
WHYS = ("severity_justification", "likelihood_justification", "justification")


HAPPENED = {
    "hazard:create": "Recorded",
    "hazard:import": "Imported",
    "hazard:edit": "Edited",
    "hazard:assess": "Assessed",
    "hazard:accept": "Risk accepted",
    "hazard:alarp": "Further reduction considered",
    "hazard:close": "Closed",
    "hazard:transfer": "Transferred",
    "hazard:reopen": "Reopened",
    "hazard:link": "Linked",
    "hazard:unlink": "Link removed",
    "hazard:add_control": "Control added",
    "hazard:link_control": "Control added",
    "hazard:unlink_control": "Control taken off",
    "hazard:aim_control": "What a control acts on changed",
    "hazard:reword_control": "A control was worded anew",
    "hazard:evidence": "Evidence attached",
    "hazard:detach_evidence": "Evidence detached",
    "hazard:close_cause": "Cause closed",
    "hazard:reopen_cause": "Cause reopened",
    "control:create": "Control recorded",
    "control:edit": "Control edited",
    "control:state": "State of a control changed",
    "control:answer": "Asked whether a control brings hazards",
    "control:evidence": "Evidence of a control attached",
    "control:detach_evidence": "Evidence of a control detached",
    "evidence:create": "Evidence added",
    "type:add": "Type added to the list",
    "project:create": "Project created",
    "project:edit": "Project edited",
    "project:visibility": "Who may see the project changed",
    "project:archive": "Project archived",
    "project:unarchive": "Project taken out of the archive",
    "project:transfer": "Project handed over",
    "member:add": "Member added",
    "member:role": "Role of a member changed",
    "member:remove": "Member removed",
    "import:create": "Hazard log imported",
}
"""What an action was, to a person; of others their own words."""


class Acted(Protocol):
    action: str


def happened(entry: Acted) -> str:
    entity, _, verb = entry.action.partition(":")
    return HAPPENED.get(entry.action, f"{label(entity)}: {label(verb).lower()}")


class Version(Protocol):
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class Changed:
    name: str
    before: Sequence[str]
    after: Sequence[str]


def named(versions: Iterable[Version]) -> dict[str, str]:
    """What the causes and harms of a history are called, by their keys: a control tells only the keys it acts on."""
    told = [
        entry for version in versions for state in (version.before, version.after) if state for entry in _named(state)
    ]
    return {entry["id"]: entry["description"] for entry in told}


def _named(state: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*state.get("causes", ()), *state.get("harms", ())]


def changes(version: Version, names: Mapping[str, str] = NOTHING) -> list[Changed]:
    """Of a list only the entries that came or went, unless only their order changed."""
    before, after = version.before or {}, version.after or {}
    return [
        Changed(LABELS.get(name) or label(name), *differing(name, before.get(name), after.get(name), names))
        for name in dict.fromkeys([*before, *after])
        if name not in LEFT_OUT
    ]


def differing(name: str, before: object, after: object, names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    old, new = in_words(name, before, names), in_words(name, after, names)
    gone, come = [text for text in old if text not in new], [text for text in new if text not in old]
    return (gone, come) if gone or come else (old, new)


def in_words(name: str, value: Any, names: Mapping[str, str]) -> list[str]:
    """A stored value as texts: one for a text, one an entry of a list."""
    if value in (None, "", [], {}):
        return []
    if name in ENTRIES:
        return [ENTRIES[name](entry, names) for entry in value]
    if name in SHAPED:
        return SHAPED[name](value)
    if name in KEYS:
        return [names.get(str(key), KEYS[name]) for key in (value if isinstance(value, list) else [value])]
    if name == "owner":
        return [names.get(value, value)]
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]


def rating(given: Mapping[str, Any]) -> list[str]:
    severity, likelihood = label(given["severity"]).lower(), label(given["likelihood"]).lower()
    recorded = given.get("recorded_level")
    said = [f"The imported log said level {recorded}"] if recorded not in (None, given["level"]) else []
    whys = [given[why] for why in WHYS if given.get(why)]
    return [f"Level {given['level']}: {severity} severity, {likelihood} likelihood", *said, *whys]


def cause(told: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    if told["status"] == CauseStatus.OPEN:
        return str(told["description"])
    why = told.get("status_justification")
    return f"{told['description']} ({label(told['status'])}: {why})" if why else f"{told['description']} (Closed)"


def harm(told: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return str(told["description"])


def control(told: Mapping[str, Any], names: Mapping[str, str]) -> str:
    acts_on = [names[key] for key in told.get("acts_on", ()) if key in names]
    text = f"{label(told['stage'])}: {told['description']}"
    return f"{text} (acts on: {'; '.join(acts_on)})" if acts_on else text


def alarp(told: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return f"{told['option']}: {told['impracticality']}\n{told['judgement']}"


def link(told: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return f"{'Duplicate of' if told['kind'] == HazardLinkKind.DUPLICATE else 'Related to'} {told['reference']}"


def acceptance(told: Mapping[str, Any]) -> list[str]:
    reasons = [f"{label(name)}: {told[name]}" for name in ("rationale", "alternatives", "judgement")]
    return [f"Level {told['level']}, as {label(told['capacity'])}", *reasons]


ENTRIES: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], str]] = {
    "alarp": alarp,
    "causes": cause,
    "controls": control,
    "harms": harm,
    "links": link,
}


def word(value: str) -> list[str]:
    return [label(value)]


def on_day(value: str) -> list[str]:
    return [show_day(date.fromisoformat(value))]


KEYS = {"owner_id": "A member of this project", "raised": "A hazard"}
"""Fields that hold keys, and what stands for one whose name is not known."""
SHAPED: dict[str, Callable[[Any], list[str]]] = {
    "acceptance": acceptance,
    "archived_date": lambda value: [show_datetime(value)],
    "brings_hazards": lambda value: ["Yes" if value else "No"],
    "condition": word,
    "copied_from": lambda value: ["{reference}, version {version}, of {project}".format_map(value)],
    "evidence_links": lambda value: [f"{one['title']} ({label(one['purpose']).lower()})" for one in value],
    "due_date": on_day,
    "identified_date": on_day,
    "review_date": on_day,
    "initial": rating,
    "kind": word,
    "preference": lambda value: [f"{value} of 5"],
    "recorded": lambda value: [f"{heading}: {text}" for heading, text in value.items()],
    "residual": rating,
    "responsible": word,
    "source": word,
    "stage": word,
    "state": word,
    "status": word,
    "visibility": word,
}
