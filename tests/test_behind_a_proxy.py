"""Behind a proxy that speaks https for it, a server believes that proxy and no one else."""

import httpx
import pytest

from tests.clients import PASSWORD
from tests.servers import served
from tests.test_two_servers import ADA, add_people

SAID = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Origin": "https://127.0.0.1"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("proxies", "name", "address"),
    [
        ("127.0.0.0/8", "__Host-turva_session", "192.0.2.7"),
        ("10.0.0.0/8", "turva_session", "127.0.0.1"),
        ("", "turva_session", "127.0.0.1"),
    ],
)
def test_https_is_believed_of_a_named_proxy_only(database_url: str, proxies: str, name: str, address: str) -> None:
    add_people(database_url)
    with served(database_url, TRUSTED_PROXIES=proxies) as url, httpx.Client(base_url=url, headers=SAID) as client:
        headers = {"Host": "127.0.0.1"}
        answer = client.post("/auth/login/", json={"email_address": ADA, "password": PASSWORD}, headers=headers)
        assert answer.status_code == 200, answer.text
        given = answer.headers["set-cookie"]
        assert given.startswith(f"{name}=")
        assert ("; Secure" in given) is name.startswith("__Host-")
        cookie = {"Cookie": given.partition(";")[0]}
        (session,) = client.get("/account/sessions/", headers=cookie).json()["data"]
        assert session["address"] == address
