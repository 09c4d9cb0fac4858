"""Who replaces what others wrote says which version they had read, so that nobody's words are lost unseen."""

from pydantic import BaseModel

from endpoints._forms import body_model
from tests.pages import operations

PROJECT = "/projects/{project_id}/"
OTHERWISE = {
    "controls/{control_id}/state/": "only certain states follow the one that there is; the reasons stay in the history",
    "evidence/{evidence_id}/detach/": "it names what is taken off",
    "hazards/bulk/": "it names what is done",
    "hazards/{hazard_id}/accept/": "its content_hash says what was read",
    "visibility/": "refused when it is so already; the reasons stay in the history",
}
"""Where a form sends fields that its page has shown, and why no words are lost by it."""


def test_what_a_form_replaces_has_a_version() -> None:
    pages = {one.url: one.route.response_model for one in operations() if "GET" in one.methods}
    versioned: set[str] = set()
    others: set[str] = set()
    for one in operations():
        sent, page = body_model(one.route), pages.get(one.url)
        if "POST" not in one.methods or sent is None or not isinstance(page, type) or not issubclass(page, BaseModel):
            continue
        if one.url.startswith(PROJECT) and sent.model_fields.keys() & page.model_fields.keys():
            has_one = "version" in sent.model_fields and sent.model_fields["version"].is_required()
            (versioned if has_one else others).add(one.url.removeprefix(PROJECT))
    assert others == OTHERWISE.keys()
    assert len(versioned) == 5
