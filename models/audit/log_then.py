"""A hazard log as it was, rebuilt by merging what each entry of its history says came after (decision 14).

Pure: entries go in, states come out, so that long histories can be merged in a thread. Of a whole log only the outline
is made, and hazards in full where they are shown: a log in full is so many objects that freeing them stops everybody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from models.audit.audit_chain import canonical
from models.enumerations import CauseStatus, ControlStage, ControlState, HazardStatus, Stage
from models.hazards.hazard_log import in_order, reference, url

State = dict[str, Any]
"""A hazard or a control as history tells it: keys and dates as text."""
NOT_RECORDED: State = dict.fromkeys(
    ("condition", "source", "owner_id", "review_date", "status_justification", "recorded_number", "recorded",
     "identified_date", "initial", "residual", "acceptance")
)  # fmt: skip
EMPTY_TEXTS: State = dict.fromkeys(("name", "description", "effect", "harm", "owner"), "")
LISTS = ("causes", "harms", "types", "controls", "alarp", "evidence_links", "links")
NEW_CONTROL: State = {
    **dict.fromkeys(
        ("kind", "preference", "state_justification", "responsible", "owner_id", "due_date", "brings_hazards")
    ),
    **dict.fromkeys(("description", "evidence", "organisation", "brings_hazards_reason"), ""),
}
OLD_LISTS = {"existing_controls": ControlStage.EXISTING, "additional_controls": ControlStage.ADDITIONAL}
"""By which edits told controls before history named them by their keys."""
IN_PLACE = {ControlStage.EXISTING: ControlState.IMPLEMENTED, ControlStage.ADDITIONAL: ControlState.PROPOSED}
RISK_OF_HAZARD = ("name", "description", "effect", "harm", "condition", "source", "alarp")
"""What an acceptance is bound to, with types, causes, harms, ratings and controls: models/risk/accepted_content.py."""
RISK_OF_CONTROL = (
    "description", "stage", "kind", "preference", "state", "responsible", "organisation", "brings_hazards",
    "brings_hazards_reason", "evidence",
)  # fmt: skip

NO_JUDGEMENT = frozenset({"assessed_by_id", "assessed_date", "recorded_level"})
"""The same judgement made anew changes no risk."""


@dataclass
class Log:
    """The log after the entry `seq`, whose time is `at`; hazards and controls by their keys."""

    seq: int = 0
    at: str = ""
    hazards: dict[str, State] = field(default_factory=dict)
    controls: dict[str, State] = field(default_factory=dict)
    older: bool = False
    """Whether an entry was written before history told causes and controls by their keys."""


class Brief(NamedTuple):
    """Of a hazard what a whole log is counted by; a level is 0 where nobody assessed it."""

    number: int = 0
    status: str = HazardStatus.OPEN
    initial: int = 0
    residual: int = 0


@dataclass
class Outline:
    """A whole log after the entry `seq`; `origins` are the entries of hazards by which controls came to the log."""

    seq: int = 0
    at: str = ""
    hazards: dict[str, Brief] = field(default_factory=dict)
    origins: dict[str, int] = field(default_factory=dict)
    older: bool = False


def outline(log: Outline, payloads: Iterable[bytes], first: int) -> None:
    """Follow the entries of a project from the number `first` on, as they are hashed and kept."""
    for seq, payload in enumerate(payloads, first):
        entry = orjson.loads(payload)
        log.seq, log.at = seq, entry["at"]
        if entry["entity"] == "hazard" and entry["entity_id"]:
            key, after = entry["entity_id"], entry["after"] or {}
            log.hazards[key] = briefly(log.hazards.get(key, Brief()), after)
            log.older = log.older or is_older(after)
            for told in after.get("controls", ()):
                if "id" in told and "state" in told:
                    log.origins.setdefault(told["id"], seq)


def briefly(known: Brief, after: Mapping[str, Any]) -> Brief:
    told = {stage.value: (after[stage] or {}).get("level", 0) for stage in Stage if stage in after}
    told |= {name: after[name] for name in ("number", "status") if name in after}
    return known._replace(**told) if told else known


def is_older(after: Mapping[str, Any]) -> bool:
    """Whether it tells causes or controls by their words alone."""
    lists = any(after.get(name) for name in OLD_LISTS) or any("id" not in one for one in after.get("controls", ()))
    return lists or any(isinstance(cause, str) for cause in after.get("causes", ()))


def merged(entries: Iterable[tuple[int, bytes]], only: Collection[str]) -> Log:
    """The log after these entries, in their order; of other hazards than `only` just what they tell of controls."""
    log = Log()
    for seq, payload in entries:
        entry = orjson.loads(payload)
        if entry["entity"] == "hazard" and entry["entity_id"] not in only:
            for told in (entry["after"] or {}).get("controls", ()):
                learn(log, told)
        else:
            follow(log, seq, entry)
    return log


def follow(log: Log, seq: int, entry: Mapping[str, Any]) -> None:
    log.seq, log.at = seq, entry["at"]
    if entry["entity"] == "hazard" and entry["entity_id"]:
        follow_hazard(log, entry)
    elif entry["entity"] == "control" and entry["entity_id"]:
        known = log.controls.setdefault(entry["entity_id"], {**NEW_CONTROL, "id": entry["entity_id"]})
        known.update(entry["after"] or {})
        known["version"] = entry["entity_version"]


def follow_hazard(log: Log, entry: Mapping[str, Any]) -> None:
    after: State = dict(entry["after"] or {})
    key, at = entry["entity_id"], entry["at"]
    state = log.hazards.setdefault(key, blank(key, at))
    bring_up_to_date(log, state, after)
    if "controls" in after:
        after["controls"] = [learn(log, told) for told in after["controls"]]
    for stage in Stage:
        if after.get(stage):
            assessor = None if entry["action"] == "hazard:import" else entry["user_id"]
            after[stage] = {**after[stage], "assessed_by_id": assessor, "assessed_date": at}
    if after.get("acceptance"):
        after["acceptance"] = {**after["acceptance"], "accepted_by_id": entry["user_id"], "accepted_date": at}
    if "status" in after and entry["reason"]:
        after["status_justification"] = entry["reason"]
    state.update(after, version=entry["entity_version"], updated_date=at)
    if after.get("acceptance"):
        state["accepted_risk"] = risk(log, state)


def blank(key: str, at: str) -> State:
    lists: State = {name: [] for name in LISTS}
    return {"id": key, "created_date": at, "status": HazardStatus.OPEN, **NOT_RECORDED, **EMPTY_TEXTS, **lists}


def learn(log: Log, told: Mapping[str, Any]) -> State:
    """Note what a hazard tells of a control; what is the hazard's own is which of its causes and harms it acts on."""
    of_itself = {name: value for name, value in told.items() if name != "acts_on"}
    log.controls.setdefault(told["id"], {**NEW_CONTROL, "version": 1}).update(of_itself)
    return {"id": told["id"], "acts_on": told.get("acts_on", [])}


def bring_up_to_date(log: Log, state: State, after: State) -> None:
    """Give keys of their own to what an older entry tells by its words alone."""
    if any(isinstance(cause, str) for cause in after.get("causes", ())):
        log.older = True
        after["causes"] = [{"id": None, "description": text, "status": CauseStatus.OPEN} for text in after["causes"]]
    told = [dict(control) for control in after.get("controls", ())]
    lists = {stage: after.pop(name) for name, stage in OLD_LISTS.items() if name in after}
    if lists:
        there = [log.controls[control["id"]] for control in state["controls"]]
        told = [control for control in there if control["stage"] not in lists]
        told += [{"description": text, "stage": stage} for stage, texts in lists.items() for text in texts]
        after["controls"] = told
    if any("id" not in control for control in told):
        log.older = True
        after["controls"] = [with_key(state["id"], place, control) for place, control in enumerate(told)]


def with_key(hazard: str, place: int, control: State) -> State:
    """The same words in the same list are the same control, as they were when such entries were written."""
    named = f"{hazard} {control['stage']} {control['description']} {place if not control['description'] else ''}"
    state = IN_PLACE[ControlStage(control["stage"])]
    return {"id": sha256(named.encode()).hexdigest()[:32], "state": state, **control}


def risk(log: Log, state: State) -> bytes:
    """What an acceptance is bound to, hashed: as long as this is the same, it holds. Order makes no difference."""
    causes = [[cause["description"], cause["status"]] for cause in state["causes"]]
    targets = {one["id"]: one["description"] for name in ("causes", "harms") for one in state[name]}
    controls = [risk_of_control(log.controls[one["id"]], one["acts_on"], targets) for one in state["controls"]]
    told = {**{name: state[name] for name in RISK_OF_HAZARD}, "types": sorted(state["types"])}
    for stage in (stage.value for stage in Stage):
        told[stage] = state[stage] and {name: text for name, text in state[stage].items() if name not in NO_JUDGEMENT}
    lists = {"causes": causes, "harms": [harm["description"] for harm in state["harms"]], "controls": controls}
    ordered = {name: sorted(orjson.dumps(one).hex() for one in entries) for name, entries in lists.items()}
    return sha256(canonical({**told, **ordered})).digest()


def risk_of_control(control: State, acts_on: Iterable[str], targets: Mapping[str, str]) -> State:
    """With the words that it acts on, and what shows that it is there and works: attached anew it is the same."""
    shown_by = sorted([link["purpose"], link["evidence_id"]] for link in control.get("evidence_links") or ())
    said = {name: control.get(name) for name in RISK_OF_CONTROL}
    return {**said, "acts_on": sorted(targets[key] for key in acts_on if key in targets), "shown_by": shown_by}


def shown(log: Log, state: State, project_id: Any) -> State:
    """A hazard then in the words of the hazard JSON of now; an acceptance says whether it was stale."""
    acceptance = state["acceptance"]
    return {
        **state,
        "reference": reference(state["number"]),
        "url": url(project_id, state["id"]),
        "causes": [cause["description"] for cause in state["causes"]],
        "cause_states": state["causes"],
        "types": in_order(state["types"]),
        "controls": [{**log.controls[one["id"]], "acts_on": one["acts_on"]} for one in state["controls"]],
        "acceptance": acceptance and {**acceptance, "stale": state["accepted_risk"] != risk(log, state)},
    }
