"""From a checked start to the last child's end."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from telemetry_site.supervisor import children, database, startup
from telemetry_site.supervisor.child import Child
from telemetry_site.supervisor.greeting import Greeting, reachable, url
from telemetry_site.supervisor.lines import OWN
from telemetry_site.supervisor.supervisor import Say, Supervisor


def launch(telemetry: Mapping[str, Any], base: Path, names: tuple[str, ...], say: Say) -> int:
    """Prepare, run the processes of these names, and stay; the exit code. Raises CannotStart."""
    data_dir = telemetry["DATA_DIR"]
    if os.getuid() == 0:
        say(OWN, "Running as root, which nothing here needs: better use an account of its own.")
    with ExitStack() as stack:
        startup.make_folders(data_dir)
        stack.enter_context(startup.lock(data_dir))
        listener = None
        if "web" in names:
            listener = stack.enter_context(startup.listen(telemetry["BIND"]))
        password = database.prepare()
        if password:
            say(OWN, f"The first account is {database.FIRST_ACCOUNT}, its password {password}")
            say(OWN, "Write it down: it is shown only this once.")
        socket = listener.fileno() if listener else -1
        commands = children.commands(telemetry, base, socket)
        environ = environment(os.environ, data_dir, base)
        chosen = [Child(commands[name], environ) for name in names]
        greeting = Greeting(reachable(listener)) if listener else None
        return Supervisor(chosen, socket, say, lambda: _greet(greeting, say)).run()


def _greet(greeting: Greeting | None, say: Say) -> None:
    if greeting and greeting.is_due():
        say(OWN, f"Telemetry answers on {url(greeting.address)} - Ctrl-C stops it.")


def environment(environ: Mapping[str, str], data_dir: Path, base: Path) -> dict[str, str]:
    """What the children find in their environment: ours, and their own folder for scraps."""
    paths = [str(base), *filter(None, [environ.get("PYTHONPATH")])]
    return {
        **environ,
        "DJANGO_SETTINGS_MODULE": "telemetry_site.settings",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
        # Celery's messages pass through it as files: nobody else is to read or to fill it.
        "TMPDIR": str(data_dir / "tmp"),
    }
