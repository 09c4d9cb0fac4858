"""The report of an import is kept, for who may read the project."""

from models.enumerations import Role
from tests.clients import Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.imports.uploads import BAD, upload, workbook
from tests.endpoints.projects.traces import key_of, refused
from tests.exchange.official_log import rated


async def test_the_report_is_what_the_importer_was_told(owner: Person, join: Join, project: str) -> None:
    content = workbook(rated(number=1, initial__risk=5), BAD)
    told = (await upload(owner, project, content, on_problem="skip")).json()
    viewer = await join(Role.VIEWER)
    kept = (await viewer.client.get(told["url"])).json()
    assert {name: kept[name] for name in told} == told
    assert kept["project"]["url"] == project
    assert (len(kept["disagreements"]), len(kept["problems"])) == (1, 1)


async def test_a_report_is_found_in_its_own_project_only(owner: Person, project: str, public_project: str) -> None:
    url = (await upload(owner, project, workbook())).json()["url"]
    assert (await owner.client.get(url)).status_code == 200
    refused(await owner.client.get(f"{public_project}imports/{key_of(url)}/"), 404)
    refused(await owner.client.get(f"{project}imports/{key_of(project)}/"), 404)
