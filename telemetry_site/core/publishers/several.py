"""Parcels that go out as several requests."""

from collections.abc import Callable, Iterable

from telemetry_site.core.publishers.publisher import PublishError


def send_each(requests: Iterable[Callable[[], object]]) -> None:
    """Make the requests in turn; one that is refused for good does not keep back the others.

    Raises PublishError: at once for one that may be tried again, at the end for refused ones.
    """
    count, refused = 0, list[PublishError]()
    for request in requests:
        count += 1
        try:
            request()
        except PublishError as error:
            if not error.permanent:
                raise
            refused.append(error)
    if refused:
        why = str(refused[0])
        several = f"{len(refused)} of {count} requests were refused, the first: {why}"
        raise PublishError(why if count == 1 else several, permanent=True) from refused[0]
