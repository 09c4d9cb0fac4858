"""The URLs of Turva do not change unseen: the table is committed, each URL is called, and few are open to everyone."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import endpoints
from authentication.permissions import PERMISSIONS
from docs import permissions
from endpoints.__main__ import Row, rows, table
from endpoints._loader import load
from tests import called_endpoints
from tests.called_endpoints import Calls, is_whole
from tests.clients import connect
from tests.trees import SHOW, Grow, Plant, SignIn, endpoint

ROOT = Path(endpoints.__file__).parent.parent
URLS = ROOT / "docs" / "urls.txt"

# Whoever adds a line here has said to a reviewer that anyone on the internet may call it.
OPEN_TO_EVERYONE = [
    ("GET", "/"),
    ("GET", "/auth/check_email/"),
    ("GET", "/auth/forgotten_password/"),
    ("POST", "/auth/forgotten_password/"),
    ("GET", "/auth/login/"),
    ("POST", "/auth/login/"),
    ("GET", "/auth/passkey/"),
    ("POST", "/auth/passkey/"),
    ("GET", "/auth/register/"),
    ("POST", "/auth/register/"),
    ("GET", "/auth/reset_password/"),
    ("POST", "/auth/reset_password/"),
    ("GET", "/auth/second_factor/"),
    ("POST", "/auth/second_factor/"),
    ("GET", "/docs/"),
    ("GET", "/health/"),
    ("GET", "/users/{user_id}/picture/"),
]
# Of a public project anyone may read these; everything else of it needs a role.
OPEN_IN_PUBLIC_PROJECTS = [
    ("GET", "/projects/{project_id}/"),
    ("GET", "/projects/{project_id}/as_of/"),
    ("GET", "/projects/{project_id}/checks/"),
    ("GET", "/projects/{project_id}/controls/"),
    ("GET", "/projects/{project_id}/controls/{control_id}/"),
    ("GET", "/projects/{project_id}/controls/{control_id}/history/"),
    ("GET", "/projects/{project_id}/evidence/"),
    ("GET", "/projects/{project_id}/evidence/{evidence_id}/"),
    ("GET", "/projects/{project_id}/hazards/"),
    ("GET", "/projects/{project_id}/hazards/{hazard_id}/"),
    ("GET", "/projects/{project_id}/hazards/{hazard_id}/as_of/"),
    ("GET", "/projects/{project_id}/hazards/{hazard_id}/bow_tie/"),
    ("GET", "/projects/{project_id}/hazards/{hazard_id}/history/"),
    ("GET", "/projects/{project_id}/history/"),
    ("GET", "/projects/{project_id}/imports/{import_id}/"),
    ("GET", "/projects/{project_id}/types/"),
    ("GET", "/projects/{project_id}/what_if/"),
]
ROWS: list[Row] = [
    ("GET", "/", "public", "endpoints/index.py"),
    ("POST", "/things/{thing_id}/", "signed in", "endpoints/things/thing_id/index.py"),
]


@pytest.fixture(scope="module")
def product() -> list[Row]:
    return rows(load(endpoints))


def test_the_committed_table_is_the_table() -> None:
    assert URLS.read_text("utf-8") == table(load(endpoints)), "run: python -m endpoints > docs/urls.txt"


def test_the_permissions_of_each_are_written_down() -> None:
    written = (ROOT / "docs" / "permissions.md").read_text("utf-8")
    assert written == permissions.documentation(load(endpoints)), (
        "run: python -m docs.permissions > docs/permissions.md"
    )


def test_the_command_prints_it() -> None:
    done = subprocess.run([sys.executable, "-m", "endpoints"], cwd=ROOT, check=True, capture_output=True)
    assert done.stdout == URLS.read_bytes()


def test_few_endpoints_are_open_to_everyone(product: list[Row]) -> None:
    assert [(method, url) for method, url, access, _ in product if access == "public"] == OPEN_TO_EVERYONE


def test_few_endpoints_are_open_in_public_projects(product: list[Row]) -> None:
    readable = {name for name, roles in PERMISSIONS.items() if None in roles}
    assert [(method, url) for method, url, access, _ in product if access in readable] == OPEN_IN_PUBLIC_PROJECTS


def test_every_url_is_canonical(product: list[Row]) -> None:
    assert all(url.startswith("/") and url.endswith("/") and "//" not in url for _, url, _, _ in product)
    assert len({(method, url) for method, url, _, _ in product}) == len(product)


def test_a_table_has_a_row_a_method_in_the_order_of_the_paths(plant: Plant) -> None:
    both = SHOW.replace('get("/")', 'api_route("/", methods=["POST", "GET"])')
    package = plant({"b.py": endpoint(both), "a.py": endpoint(SHOW.replace("public", "signed_in"))})
    name = package.__name__
    assert table(load(package)) == (
        f"GET   /a/  signed in  {name}/a.py\n"  # columns are as wide as their widest
        f"GET   /b/  public     {name}/b.py\n"
        f"POST  /b/  public     {name}/b.py\n"
    )


# What a whole run of the tests must have called: tests/called_endpoints.py, tested here as it is about this table.


def problems(*noted: tuple[str, str, int, int]) -> list[str]:
    calls = Calls()
    for method, file, status, written in noted:
        calls.note(method, file, status, written)
    return list(calls.problems(ROWS))


def test_an_endpoint_that_no_test_called_is_told() -> None:
    assert problems() == [
        "no test calls GET / with success (endpoints/index.py)",
        "no test calls POST /things/{thing_id}/ with success (endpoints/things/thing_id/index.py)",
    ]


def test_a_refusal_is_no_call() -> None:
    assert len(problems(("GET", "endpoints/index.py", 404, 0))) == 2
    assert len(problems(("GET", "endpoints/index.py", 200, 0))) == 1


@pytest.mark.parametrize(("status", "written", "count"), [(201, 1, 0), (303, 1, 0), (201, 0, 1), (409, 1, 1)])
def test_a_change_must_be_audited_when_it_succeeds(status: int, written: int, count: int) -> None:
    told = problems(
        ("GET", "endpoints/index.py", 200, 0), ("POST", "endpoints/things/thing_id/index.py", status, written)
    )
    assert len(told) == count


def test_a_sweep_over_all_endpoints_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_CURRENT_TEST", f"{called_endpoints.SWEEPS[0]}::test_everything (call)")
    assert len(problems(("GET", "endpoints/index.py", 200, 0))) == 2


def test_the_sweeps_are_there() -> None:
    assert all((ROOT / file).is_file() for file in called_endpoints.SWEEPS)


async def test_calls_are_noted_as_they_are_made(grow: Grow, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn) -> None:
    calls = Calls()
    monkeypatch.setattr(called_endpoints, "calls", calls)
    code = SHOW + SHOW.replace("get", "post").replace("show", "change").replace("public", "signed_in")
    app = grow({"x.py": endpoint(code)})
    async with connect(app) as client:
        for method, url in (("GET", "/x"), ("PATCH", "/x/"), ("GET", "/nothing/"), ("POST", "/x/")):
            await client.request(method, url)
        assert calls == Calls()
        await client.head("/x/")
        sign_in()
        await client.post("/x/")
    file = f"{app.state.tree.operations[0].file}"
    assert calls == Calls(succeeded={("GET", file), ("POST", file)})


@pytest.mark.parametrize(
    ("arguments", "options", "whole"),
    [
        (["tests"], {}, True),
        (["tests/endpoints"], {}, False),
        (["tests", "tests/endpoints"], {}, False),
        (["tests/test_main.py::test_x"], {}, False),
        (["tests"], {"keyword": "x"}, False),
        (["tests"], {"markexpr": "not browser"}, False),
        (["tests"], {"lf": True}, False),
        (["tests"], {"ignore": ["tests/models"]}, False),
        (["tests"], {"deselect": ["x"]}, False),
    ],
)
def test_only_a_whole_run_is_judged(arguments: list[str], options: dict[str, Any], whole: bool) -> None:
    config: Any = SimpleNamespace(
        args=arguments,
        rootpath=ROOT,
        invocation_params=SimpleNamespace(dir=ROOT),
        getoption=options.get,
    )
    assert is_whole(config) is whole


def test_what_a_process_of_xdist_noted_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Calls()
    monkeypatch.setattr(called_endpoints, "calls", calls)
    noted = {"succeeded": [["GET", "a.py"], ["POST", "b.py"]], "audited": [["POST", "b.py"]]}
    for output in ({"called_endpoints": noted}, {}):
        called_endpoints.pytest_testnodedown(SimpleNamespace(workeroutput=output))
    called_endpoints.pytest_testnodedown(SimpleNamespace())
    assert calls == Calls({("GET", "a.py"), ("POST", "b.py")}, {("POST", "b.py")})
