"""What a hazard needs next, from its record to its closure."""

from typing import Any

from tests.clients import Person
from tests.endpoints.projects.project_id.hazards.hazard_id.decisions import ALARP

STEPS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("", {}, "Assess the initial risk."),
    ("assess/", {"stage": "initial", "severity": "major", "likelihood": "high"}, "Add controls that reduce the risk."),
    ("edit/", {"version": 2, "additional_controls": ["Alert", "Training"]}, "Assess the residual risk."),
    (
        "assess/",
        {"stage": "residual", "severity": "major", "likelihood": "high"},
        "Reduce the risk further: nobody may accept this level.",
    ),
    (
        "assess/",
        {"stage": "residual", "severity": "major", "likelihood": "very_low"},
        "Put 2 additional controls in place.",
    ),
    (
        "edit/",
        {"version": 5, "additional_controls": []},
        "Add the control that lowers the risk: without it the risk counts as level 4.",
    ),
    (
        "assess/",
        {"stage": "initial", "severity": "major", "likelihood": "very_low"},
        "Have the risk accepted, or close the hazard.",
    ),
    (
        "assess/",
        {"stage": "residual", "severity": "major", "likelihood": "low"},
        "Record why reducing the risk further is impractical.",
    ),
    ("alarp/create/", ALARP, "Have the risk accepted."),
)


async def test_each_step_leads_to_the_next(owner: Person, project: str) -> None:
    url = (await owner.client.post(f"{project}hazards/create/", json={"name": "Wrong dose"})).json()["url"]
    for place, body, following in STEPS:
        if place:
            assert (await owner.client.post(f"{url}{place}", json=body)).is_success
        assert (await owner.client.get(url)).json()["next_step"] == following
