"""One piece of evidence, as its page and its JSON show it."""

from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.evidence.sending import added


async def test_a_link_shows_its_host_and_takes_nothing_along(owner: Person, project: str) -> None:
    piece = await added(owner, project, link="https://example.org/a?b=%22%3Cc")
    page = (await owner.client.get(piece["url"], headers=PAGE)).text
    assert 'href="https://example.org/a?b=%22%3Cc" rel="noopener noreferrer nofollow"' in page
    assert '<span class="app-text">example.org</span>' in page
    assert "Download" not in page


async def test_a_file_of_a_member_who_shows_no_name(owner: Person, project: str, public_project: str) -> None:
    piece = await added(owner, public_project)
    assert piece["created_by"] == "Owner Example"
    elsewhere = piece["url"].replace(public_project, project)
    assert (await owner.client.get(elsewhere)).status_code == 404
