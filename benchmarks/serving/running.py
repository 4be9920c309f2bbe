"""A real service as `earlyid serve` starts it, in a process of its own that can be killed and started again."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

START_SECONDS = 30.0


class Running:
    """
    A service of one bundle, or of what its ledger says is live, on a free port of loopback, with a home of its own.

    It is started by `start`, which returns the seconds until it said that it was ready. Everything it prints goes to `log`.
    """

    def __init__(
        self,
        bundle: Path | None,
        home: Path,
        environment: Mapping[str, str] | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home, self.log = home, home.parent / f"{home.name}.log"
        with socket.create_server(("127.0.0.1", 0)) as bound:
            self.port: int = bound.getsockname()[1]
        evaluated = [] if bundle is None else ["--bundle", str(bundle)]
        words = ["serve", *evaluated, "--port", str(self.port), *options]
        self._command = [sys.executable, "-c", "import earlyid; earlyid.main()", *words]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EARLYID_")}
        self._environment = kept | {"EARLYID_HOME": str(home)} | dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The id of the process."""
        if self._process is None:
            raise RuntimeError("it is not running")
        return self._process.pid

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Have it end."""
        self.stop()

    def start(self) -> float:
        """Start it, and return the seconds until it was ready; raises RuntimeError when it ends instead."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        while time.perf_counter() - began < START_SECONDS:
            if self._process.poll() is not None:
                raise RuntimeError(f"it ended at once: {self.log.read_text(encoding='utf-8')[-2000:]}")
            if self.status("/readyz") == 200:
                return time.perf_counter() - began
            time.sleep(0.02)
        raise RuntimeError(f"it was not ready after {START_SECONDS} s: {self.log.read_text(encoding='utf-8')[-2000:]}")

    def kill(self) -> None:
        """Kill it where it stands."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=30)

    def stop(self) -> float:
        """Tell it to end, and return the seconds that it took; raises RuntimeError when it failed or took too long."""
        if self._process is None or self._process.poll() is not None:
            return 0.0
        began = time.perf_counter()
        self._process.terminate()
        self._process.wait(timeout=30)
        return time.perf_counter() - began

    def status(self, path: str, seconds: float = 2.0) -> int:
        """Return the status that a GET is answered with; 0 when nobody answers."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            asked.request("GET", path)
            return asked.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            asked.close()

    def resident_megabytes(self) -> float:
        """Return the resident memory of the process."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
