"""One account as administrators see it."""

from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import PAGE, Person


async def test_a_person_in_full(administrator: Person, stranger: Person) -> None:
    await stored.set_user(stranger.id, profession="Nurse", email_shown_to="nobody", is_cso=True)
    answer = await administrator.client.get(f"/ops/users/{stranger.id}/")
    expected = {"id": str(stranger.id), "email_address": stranger.email_address, "profession": "Nurse"}
    assert {**expected, "live_sessions": 1, "includes_you": False, "is_registered": False}.items() <= (
        answer.json().items()
    )
    page = (await administrator.client.get(f"/ops/users/{stranger.id}/", headers=PAGE)).text
    assert "No current registration" in page
    assert f"/ops/users/{stranger.id}/disable/" in page
    assert f"/ops/users/{stranger.id}/enable/" not in page
    assert "/ops/sessions/?email_address=stranger%40example.org" in page


async def test_nobody_is_offered_to_disable_themselves(administrator: Person) -> None:
    page = (await administrator.client.get(f"/ops/users/{administrator.id}/", headers=PAGE)).text
    assert "disable/" not in page


async def test_who_is_not_there(administrator: Person, owner: Person) -> None:
    for action in ("", "edit/", "disable/", "enable/"):
        assert (await administrator.client.get(f"/ops/users/{new_id()}/{action}")).status_code == 404
        assert (await owner.client.get(f"/ops/users/{owner.id}/{action}")).status_code == 403
