"""Keeps what is being typed into a form, so that it outlives the session."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, StringConstraints

from authentication.access import requires, signed_in
from endpoints import _drafts, _fields
from endpoints._depends import CurrentActor
from endpoints._links import Url, is_local
from endpoints._pages import link
from endpoints._tree import Tree
from errors import FieldProblem, Invalid
from models.projects import drafts

router = APIRouter()

Path = Annotated[str, StringConstraints(max_length=drafts.LONGEST_PATH)]


class Typed(_fields.Request):
    """`path` is the page of the form, `form` what it would send: application/x-www-form-urlencoded."""

    path: Path
    form: Annotated[str, StringConstraints(min_length=1, max_length=drafts.LARGEST_FORM)]


class Keeping(BaseModel):
    url: Url


@router.post("/")
@requires(signed_in)
async def keep(request: Request, actor: CurrentActor, typed: Typed) -> Keeping:
    """Keep it in the place of what was kept of this form before; forms of passwords and codes are refused."""
    tree: Tree = request.app.state.tree
    found = tree.find(link(request, typed.path)) if is_local(typed.path) and typed.path.endswith("/") else None
    page = found[0].operations.get("GET") if found else None
    if page is None or not _drafts.is_marked(page.route.endpoint):
        raise Invalid(problems=[FieldProblem("path", "No draft is kept of this page")])
    await drafts.keep(actor, typed.path, typed.form)
    return Keeping(url=typed.path)
