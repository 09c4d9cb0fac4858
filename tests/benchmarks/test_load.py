"""The load of the benchmarks asks as often as it says, and an answer that is no success ends it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from benchmarks._load import Answered, getting, load, request

Answer = Callable[[bytes], bytes]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The URL of a server for one connection, which answers each request with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening, answer), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/place/?x=1"
        thread.join(30)


def serve(listening: socket.socket, answer: Answer) -> None:
    connection, _ = listening.accept()
    with connection:
        try:
            while asked := connection.recv(65536):
                connection.sendall(answer(asked))
        except ConnectionError:
            return  # the load is over


def saying(status: str, head: str = "Content-Length: 2\r\n") -> Answer:
    return lambda _: f"HTTP/1.1 {status}\r\n{head}\r\n{{}}".encode()


def test_it_asks_again_and_again() -> None:
    asked: list[bytes] = []

    def answer(request: bytes) -> bytes:
        asked.append(request)
        return saying("200 OK")(request)

    with serving(answer) as url:
        (answered,) = load(0.2, getting(url, {"Cookie": "a=b"}, 1))
    assert len(asked) - len(answered.waits) in {0, 1}
    assert answered.seconds >= 0.2
    assert answered.rate == len(answered.waits) / answered.seconds
    assert asked[0].startswith(b"GET /place/?x=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert set(asked) == {asked[0]}


def test_an_answer_in_pieces_is_one_answer() -> None:
    with serving(lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + 100_000 * b"x") as url:
        (answered,) = load(0.2, getting(url, {}, 1))
    assert len(answered.waits) > 1


@pytest.mark.parametrize("answer", [saying("401 Unauthorized"), saying("200 OK", ""), lambda _: b"HTTP/1.1 5"])
def test_what_is_no_success_ends_it(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks._load.LONGEST", 1)
    with serving(answer) as url, pytest.raises(RuntimeError):
        load(0.5, getting(url, {}, 1))


def test_a_body_is_sent_with_its_length() -> None:
    sent = request("POST", "http://localhost:1/x/", {}, b"{}")
    assert sent == b"POST /x/ HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 2\r\n\r\n{}"


def test_one_in_a_hundred_took_longer() -> None:
    assert Answered(1, [float(number) for number in range(1, 100)]).p99 == 99
