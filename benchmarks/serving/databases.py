"""A real PostgreSQL on loopback, in a folder of its own, run by a user who is not root, that can be stopped and killed."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

REMEDY = "needs PostgreSQL 15 or newer: apt-get install postgresql"


@contextlib.contextmanager
def real_postgres(folder: Path) -> Iterator[str]:
    """Start a server with its data in a new folder, and give the URL of an empty database; it is stopped afterwards."""
    cluster = Cluster(folder)
    cluster.start()
    try:
        yield cluster.url
    finally:
        cluster.stop()


class Cluster:
    """One PostgreSQL server: `start`, `stop` (at once), `kill` and start again on the same port."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        with socket.create_server(("127.0.0.1", 0)) as bound:
            self.port: int = bound.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            for above in folder.parents:
                if above.stat().st_uid == 0 and above.is_relative_to("/tmp") and above != Path("/tmp"):  # noqa: S108
                    above.chmod(0o755)
        self.url = f"postgresql://{self._user}@127.0.0.1:{self.port}/postgres"
        self._run([_program("initdb"), "-D", str(folder / "data"), "--auth=trust", "-N"])

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        words = [_program("postgres"), "-D", str(self._folder / "data"), "-p", str(self.port), "-h", "127.0.0.1"]
        with (self._folder.parent / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*words, "-k", ""],
                stdout=log,
                stderr=log,
                user=self._user if os.geteuid() == 0 else None,
                cwd="/",
                start_new_session=True,
            )
        for _ in range(300):
            done = subprocess.run(
                [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False, cwd="/"
            )
            if done.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        """Have it end at once, its sessions cut."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill it and every process of it."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=30)
            self._process = None

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None

    def _run(self, words: list[str]) -> None:
        user = self._user if os.geteuid() == 0 else None
        subprocess.run(words, check=True, capture_output=True, user=user, cwd="/")


def _program(name: str) -> str:
    found = shutil.which(name) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        raise RuntimeError(REMEDY)
    return found
