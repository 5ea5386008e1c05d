"""A RabbitMQ of the tests' own: other ports, another name, another folder than any there is."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kombu import Connection

from tests.servers import ServerFailed, account, free_port, under
from tests.waiting import until

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # without the wrapper, which asks for root
EPMD = "epmd"
QUIET = "+sbwt none +sbwtdcpu none +sbwtdio none"  # Erlang need not spin where it waits
PATIENCE = 60


class Rabbit:
    """A broker that can be killed and started again on what it has kept."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._user = account()
        self._names = free_port()  # of the daemon that Erlang's nodes find each other by
        self._environ = self._environment()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def url(self, vhost: str = "/") -> str:
        """Where it is reached, as its first account."""
        path = "" if vhost == "/" else vhost
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{path}"

    def start(self) -> None:
        """Start it and wait until it takes messages. Raises ServerFailed."""
        if EPMD not in self._running:
            self._run(EPMD, "-port", str(self._names), "-address", "127.0.0.1")
        self._run(str(SERVER), "-noinput")
        until(self._answers, "RabbitMQ answers", PATIENCE)

    def kill(self) -> None:
        """As when the machine loses its power."""
        server = self._running[str(SERVER)]
        server.kill()
        server.wait()

    def pause(self) -> None:
        """Let it hang, with its connections open."""
        self._running[str(SERVER)].send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After a pause."""
        self._running[str(SERVER)].send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Nothing of it is left running."""
        for process in reversed(self._running.values()):
            process.kill()
            process.wait()

    def log(self) -> str:
        """What it has said."""
        return (self._folder / "output").read_text(errors="replace")

    def _run(self, program: str, *words: str) -> None:
        with (self._folder / "output").open("ab") as output:
            self._running[program] = subprocess.Popen(
                under(self._user, program, *words),
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the tests; they then end the server
            )

    def _answers(self) -> bool:
        if self._running[str(SERVER)].poll() is not None:
            raise ServerFailed(f"RabbitMQ did not start: {self.log()[-2000:]}")
        try:
            with Connection(self.url(), connect_timeout=5) as connection:
                connection.connect()
        except OSError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        (self._folder / "plugins").write_text("[].\n")
        for path in (self._folder, self._folder / "plugins"):
            os.chown(path, self._user.pw_uid, self._user.pw_gid)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "ERL_EPMD_PORT": str(self._names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_ALLOW_INPUT": "1",  # so the script becomes the server, and its number ours
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self._folder / "none"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self._folder / "none.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_NODENAME": f"telemetry-{secrets.token_hex(4)}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": QUIET,
        }


@contextmanager
def running() -> Iterator[Rabbit]:
    """One that runs, and is gone at the end. Raises ServerFailed."""
    if not SERVER.exists():
        raise ServerFailed("There is no RabbitMQ: install the package rabbitmq-server.")
    folder = Path(tempfile.mkdtemp(prefix="telemetry-rabbit-"))
    made = Rabbit(folder)
    try:
        made.start()
        yield made
    finally:
        made.end()
        shutil.rmtree(folder, ignore_errors=True)
