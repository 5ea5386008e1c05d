"""Who calls, and which project the caller is confined to."""

from dataclasses import dataclass

from telemetry_site.core.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller; roles as its token or its headers name them.

    `may_lack_project` is true only where identity headers are believed as sent: there a caller
    that is no admin and names no project sees everything, as in the original. `sees_all` is what
    the policy says of the roles; without one, admins see all.
    """

    user: str | None
    project: str | None
    roles: frozenset[str] = frozenset()
    may_lack_project: bool = False
    sees_all: bool | None = None

    # What DRF asks of the user of a request.
    is_authenticated = True

    @property
    def is_admin(self) -> bool:
        """Role names compare without case."""
        return any(role.lower() == "admin" for role in self.roles)

    @property
    def confined_to(self) -> str | None:
        """The one project this caller may see; None means all of them.

        Raises Forbidden for a caller that is confined and has no project.
        """
        if self.is_admin if self.sees_all is None else self.sees_all:
            return None
        if self.project is None and not self.may_lack_project:
            raise Forbidden("RBAC Authorization Failed: the token carries no project.")
        return self.project


ADMIN = Caller(user=None, project=None, roles=frozenset({"admin"}))
