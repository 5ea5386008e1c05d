"""The web server as it is started everywhere, with its usual settings, on a store of its own."""

import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.servers import free_port
from tests.waiting import until

PLAIN = Path(__file__).parent / "plain_pipeline.yaml"
GUNICORN = ("-m", "gunicorn", "telemetry_site.wsgi", "--log-level", "warning")


@dataclass(frozen=True, slots=True)
class Served:
    """Where it answers, where it keeps its data, and the process that leads the others."""

    port: int
    folder: Path
    pid: int


@contextmanager
def running(database_url: str = "") -> Iterator[Served]:
    """Migrates, serves, and ends it."""
    with tempfile.TemporaryDirectory(prefix="telemetry-bench-") as folder:
        port = free_port()
        environ = {
            **{name: value for name, value in os.environ.items() if "TELEMETRY" not in name},
            "TELEMETRY_DATA_DIR": folder,
            "TELEMETRY_AUTH": "noauth",
            "TELEMETRY_PIPELINE_FILE": str(PLAIN),
            "TELEMETRY_BIND": f"127.0.0.1:{port}",
            "PYTHONWARNINGS": "ignore:No directory at",  # static files are not served here
        }
        if database_url:
            environ["TELEMETRY_DATABASE_URL"] = database_url
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environ, check=True
        )
        server = subprocess.Popen(
            [sys.executable, *GUNICORN, "--bind", f"127.0.0.1:{port}"], env=environ
        )
        try:
            _wait(port, server)
            yield Served(port, Path(folder), server.pid)
        finally:
            server.terminate()
            server.wait(20)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        if server.poll() is not None:
            raise RuntimeError("the server did not come up")
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz"):
            return True
        return False

    until(answers, "the server answers", 30)
