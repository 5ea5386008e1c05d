"""Where the polling plan is kept: the shipped file, or the one the settings name."""

from pathlib import Path

from pollsters import sources
from pollsters.sources import Source
from telemetry_site.core.errors import BadDefinition

SHIPPED = Path(__file__).parent / "data" / "polling.yaml"


def read(path: Path | None) -> tuple[Source, ...]:
    """The sources as the file has them now. Raises BadDefinition."""
    file = path or SHIPPED
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadDefinition(str(file), 1, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadDefinition(str(file), 1, "is not UTF-8 text") from error
    return sources.parse(text, str(file))
