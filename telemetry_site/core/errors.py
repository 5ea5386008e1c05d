"""Every error this project raises on purpose.

TelemetryError                500
├── BadRequest                400
│   ├── InvalidInput          400  one field or attribute, with the value it had
│   └── UnknownArgument       400  a parameter or attribute that does not exist
├── NotAuthorized             401  a project or user that is not the caller's
├── Forbidden                 403  the policy says no
├── NotFound                  404
│   └── AlarmNotFound         404  in the words of the alarms' part of the API
├── Conflict                  409  there is such a thing already
├── TooLarge                  413
├── UnsupportedMediaType      415
├── KeyReused                 422  an Idempotency-Key that came with another body before
├── NotSupported              501  understood, and not offered
├── Unavailable               503  try again later
├── BadDefinition                  a YAML file of ours that cannot be used
└── UnknownName                    a name that a registry does not have

The texts of the 4xx errors are part of the wire: clients written for Ceilometer match them.
"""

from typing import ClassVar


class TelemetryError(Exception):
    """Something this project refuses or fails to do; `str(error)` is a sentence for its reader."""

    status: ClassVar[int] = 500


class BadRequest(TelemetryError):
    """The request cannot be understood or breaks a rule."""

    status = 400


class InvalidInput(BadRequest):
    """A field or attribute has a value that cannot be taken; worded as WSME words it."""

    def __init__(self, field: str, value: object, why: str) -> None:
        super().__init__(f"Invalid input for field/attribute {field}. Value: '{value}'. {why}")
        self.field = field
        self.why = why


class UnknownArgument(BadRequest):
    """A parameter that does not exist, or not here; worded as WSME words it."""

    def __init__(self, name: str, why: str = "") -> None:
        super().__init__(f'Unknown argument: "{name}"' + (f": {why}" if why else ""))
        self.name = name


class NotAuthorized(TelemetryError):
    """The caller asked for a project, or a user, that is not its own."""

    status = 401

    def __init__(self, owner: object, aspect: str = "project") -> None:
        super().__init__(f"Not Authorized to access {aspect} {owner}")


class Forbidden(TelemetryError):
    """The policy does not allow the caller this action."""

    status = 403

    def __init__(self, why: str = "RBAC Authorization Failed") -> None:
        super().__init__(why)


class NotFound(TelemetryError):
    """There is no such thing, or none the caller may see."""

    status = 404

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"{what} {name} Not Found")


class AlarmNotFound(NotFound):
    """There is no such alarm, or none in the one project that was looked at."""

    def __init__(self, alarm_id: str, project: str | None = None) -> None:
        where = "" if project is None else f" in project {project}"
        TelemetryError.__init__(self, f"Alarm {alarm_id} not found{where}")


class Conflict(TelemetryError):
    """There is such a thing already."""

    status = 409


class TooLarge(TelemetryError):
    """The body of a request is over the limit."""

    status = 413


class UnsupportedMediaType(TelemetryError):
    """The body of a request is of a kind that is not read here."""

    status = 415

    def __init__(self, media_type: str) -> None:
        super().__init__(f"Unknown mimetype: {media_type}")


class KeyReused(TelemetryError):
    """An Idempotency-Key came a second time with another body."""

    status = 422


class NotSupported(TelemetryError):
    """A question that is understood and that this service does not answer."""

    status = 501


class Unavailable(TelemetryError):
    """Something this service needs is away; `retry_after` is in seconds."""

    status = 503

    def __init__(self, why: str, retry_after: int = 5) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class BadDefinition(TelemetryError):
    """A YAML file cannot be used; `line` counts from 1."""

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(f"{file}, line {line}: {why}.")
        self.file = file
        self.line = line


class UnknownName(TelemetryError):
    """A registry has no such name."""
