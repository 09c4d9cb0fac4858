"""Every page of the product, by the tree of endpoints itself, and a project with all that its pages can show."""

from functools import cache
from typing import Any

import httpx

import endpoints
from endpoints._loader import load
from endpoints._tree import Operation
from tests.exchange.official_log import official_workbook_bytes, rated

ATTACK = "<script>alert(1)</script>"
LONG = "Beschleunigungsmesserkalibrierungsprotokoll" * 3
"""A word that no column has room for."""


@cache
def operations() -> list[Operation]:
    return load(endpoints)


def pages() -> list[Operation]:
    """Every address that a browser can be given."""
    return [found for found in operations() if "GET" in found.methods and found.template]


async def filled_project(client: httpx.AsyncClient, member: str, **fields: str) -> dict[str, str]:
    """Hostile text in every field of a project with several pages of hazards; what the paths of its pages need."""
    body = {"name": f"Ward round {ATTACK}", "description": f"{ATTACK}\n{LONG}", "standard": "DCB0129", **fields}
    url = (await created(client, "/projects/create/", json=body))["url"]
    added = await created(client, f"{url}members/create/", json={"email_address": member, "role": "viewer"})
    report = await imported(client, url)
    hazard = await told_at_length(client, url, added["user_id"])
    parts = (await client.get(hazard["url"])).json()
    control = await shared_control(client, url, hazard["url"], parts["cause_records"][0]["id"])
    evidence = await evidenced(client, url, hazard)
    session = (await client.get("/account/sessions/")).json()["data"][0]
    return {
        "project_id": url.split("/")[2],
        "hazard_id": hazard["id"],
        "evidence_id": evidence["id"],
        "cause_id": parts["cause_records"][0]["id"],
        "control_id": control["id"],
        "import_id": report["id"],
        "member_id": added["id"],
        "user_id": added["user_id"],
        "session_id": session["id"],
    }


async def imported(client: httpx.AsyncClient, project: str) -> Any:
    """Enough hazards for two pages, a stored level that the matrix does not give, and a row that cannot be read."""
    rows = [rated("Major", "Low", hazard=f"{ATTACK} {number}", causes=f"{ATTACK}\ntwo") for number in range(22)]
    rows += [rated("Minor", "Low", initial__risk=3, owner=ATTACK), rated("Awful", "Low")]
    file = {"file": (f"{ATTACK}.xlsx", official_workbook_bytes(rows))}
    return await created(client, f"{project}imports/create/", files=file, data={"on_problem": "skip"})


async def told_at_length(client: httpx.AsyncClient, project: str, member: str) -> Any:
    """A hazard with all its fields, every kind of version and a status that was justified."""
    texts = {name: f"{ATTACK} {LONG}\n{name}" for name in ("description", "effect", "harm", "severity_justification")}
    lists = {name: [f"{ATTACK}\nof two lines", LONG] for name in ("causes", "existing_controls")}
    body = {"name": f"Late {ATTACK}", "types": [ATTACK], "condition": "fault", "owner": LONG, **texts, **lists}
    body |= {"severity": "major", "likelihood": "low"}
    await created(client, f"{project}types/create/", json={"name": ATTACK})
    hazard = await created(client, f"{project}hazards/create/", json=body)
    url = hazard["url"]
    rating = {"stage": "residual", "severity": "major", "likelihood": "very_low", "likelihood_justification": ATTACK}
    await created(client, f"{url}assess/", json=rating)
    await decided(client, url)
    left = {"description": ATTACK, "responsible": "deployer", "brings_hazards": False, "brings_hazards_reason": ATTACK}
    await created(client, f"{url}controls/create/", json=left)
    await created(client, f"{url}transfer/", json={"justification": ATTACK})
    version = (await client.get(url)).json()["version"]
    await created(
        client, f"{url}edit/", json={"version": version, "owner": ATTACK, "additional_controls": [LONG, ATTACK]}
    )
    await created(client, f"{url}comments/create/", json={"body": f"{ATTACK}\n{LONG}", "mentions": [member]})
    return hazard


async def decided(client: httpx.AsyncClient, hazard: str) -> None:
    """Everything that is decided about a risk; it is accepted twice where the client is an officer's."""
    why = f"{ATTACK}\n{LONG}"
    alarp = {"option": why, "impracticality": why, "judgement": why}
    await created(client, f"{hazard}alarp/create/", json=alarp)
    await created(client, f"{hazard}links/create/", json={"other_id": "HAZ-001", "kind": "duplicate"})
    if (await client.get("/account/")).json()["is_cso"]:
        for _ in range(2):
            acceptance = {"rationale": why, "alternatives": why, "judgement": why}
            await created(client, f"{hazard}accept/", json=acceptance)


async def evidenced(client: httpx.AsyncClient, project: str, hazard: Any) -> Any:
    """A file and a link that are about all parts of a hazard; the file."""
    full = (await client.get(hazard["url"])).json()
    about = {"hazards": [full["id"]], "assessments": [full["initial"]["id"]], "controls": [full["controls"][0]["id"]]}
    told = {"title": f"{ATTACK} {LONG}", "description": f"{ATTACK}\n{LONG}"}
    link = {"link": f"https://example.org/{LONG}?q=%22%3E", "purpose": "support"}
    await created(client, f"{project}evidence/create/", files=NO_FILE, data={**told, **link, **about})
    file = {"file": (f"{LONG}.txt", b"This text holds <script>alert(1)</script>.")}
    return await created(client, f"{project}evidence/create/", files=file, data={**told, "purpose": "implementation"})


NO_FILE = {"file": ("", b"")}
"""What a browser sends when none was chosen."""


async def shared_control(client: httpx.AsyncClient, project: str, hazard: str, cause: str) -> Any:
    """A control with all its fields, which brings the very hazard that rests on it."""
    answer = {"brings_hazards": True, "brings_hazards_reason": ATTACK, "raised_hazards": ["HAZ-001"]}
    about = {"kind": "design", "responsible": "deployer", "organisation": ATTACK, "due_date": "2027-03-31"}
    body = {"description": f"{ATTACK} {LONG}", "evidence": ATTACK, **about, **answer}
    control = await created(client, f"{project}controls/create/", json=body)
    aimed = {"control_id": control["id"], "acts_on": [cause]}
    await created(client, f"{hazard}controls/link/", json=aimed)
    return control


async def created(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(path, **body)
    assert answer.is_success, answer.text
    return answer.json()
