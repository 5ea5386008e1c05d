"""What the flags of `up` mean for the environment that it and its children read."""

from collections.abc import Mapping
from pathlib import Path

BIND = "TELEMETRY_BIND"
DATA_DIR = "TELEMETRY_DATA_DIR"


def overrides(
    bind: str | None, port: int | None, data_dir: str | None, present: str
) -> dict[str, str]:
    """The variables that the flags set; `present` is HOST:PORT as it is without them.

    >>> overrides("0.0.0.0", None, None, "127.0.0.1:8777")
    {'TELEMETRY_BIND': '0.0.0.0:8777'}
    """
    found = {}
    if data_dir is not None:
        found[DATA_DIR] = str(Path(data_dir).expanduser().absolute())
    if bind is not None or port is not None:
        found[BIND] = _address(bind or present, port, present)
    return found


def _address(bind: str, port: int | None, present: str) -> str:
    host, colon, named = bind.rpartition(":")
    if not colon or not named.isdigit():
        host, named = bind, present.rpartition(":")[2]
    return f"{host}:{named if port is None else port}"


def differs(wanted: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    """Whether the environment does not yet say what the flags say."""
    return any(environ.get(name) != value for name, value in wanted.items())


def chosen(
    only: str | None, without: str | None, names: tuple[str, ...], idle: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The processes to run; those that are idle only where they are named.

    Raises ValueError where a name is none of them, or none is left.
    """
    busy = tuple(name for name in names if name not in idle)
    kept, left_out = _words(only) or busy, _words(without)
    strange = sorted({*kept, *left_out} - set(names))
    if strange:
        raise ValueError(f"There is no process {strange[0]}; there are {', '.join(names)}.")
    found = tuple(name for name in names if name in kept and name not in left_out)
    if not found:
        raise ValueError("Nothing is left to run.")
    return found


def _words(value: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (value or "").split(",") if word.strip())
