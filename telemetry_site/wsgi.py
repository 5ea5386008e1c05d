"""The WSGI application; it neither loads nor answers where strangers could say who they are."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from telemetry_site import places

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "telemetry_site.settings")


def guarded(inner: "WSGIApplication") -> "WSGIApplication":
    """The same, but 403 for whoever may not say who they are: a server can listen anywhere."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        peer = environ.get("REMOTE_ADDR") or "localhost"  # a Unix socket has no address
        if places.is_exposed(settings.TELEMETRY, peer):
            start_response("403 Forbidden", [("Content-Type", "text/plain")])
            return [places.EXPOSED.encode()]
        return inner(environ, start_response)

    return answer


application = guarded(get_wsgi_application())

for _message in run_checks(tags=["telemetry"]):
    if _message.level >= ERROR:
        raise ImproperlyConfigured(str(_message))
