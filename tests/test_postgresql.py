"""Holds the throw-away PostgreSQL to leaving nothing behind, also when the tests are killed."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

PROGRAM = """
from tests.postgresql import Server
server = Server()
server.start()
print(server.folder, server._watch.pid, flush=True)
input()
"""


def test_goes_with_tests_that_are_killed() -> None:
    with subprocess.Popen(  # noqa: S603 - the program above
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout
        folder, watch = tests.stdout.readline().split()
        assert (Path(folder) / "data").exists()
        ends = os.pidfd_open(int(watch))
        tests.send_signal(signal.SIGKILL)
        ended, _, _ = select.select([ends], [], [], 60)
        os.close(ends)
    assert ended
    assert not Path(folder).exists()
