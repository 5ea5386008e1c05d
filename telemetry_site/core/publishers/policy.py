"""What is done when a publisher is owed more than it may be: options that every address has."""

from typing import Final, NamedTuple

from telemetry_site.core.publishers.address import Address, whole

DROP, WAIT = "drop", "wait"
# The original's words: what it keeps in its queue, we keep in the outbox.
DROPPING: Final = ("", "default", "queue", "drop")


class Policy(NamedTuple):
    """The bound in bytes (None: the setting's), and whether readers wait or the oldest goes."""

    waits: bool
    most_bytes: int | None


def policy_of(address: Address) -> Policy:
    """Takes its options out of the address. Raises BadAddress."""
    word = address.option("policy", _word, DROP)
    most = address.option("max_queue_bytes", whole, 0)
    address.option("max_queue_length", str, "")  # the original's bound: a number of messages
    return Policy(word == WAIT, most or None)


def _word(text: str) -> str:
    """An unknown word is the default, as in the original."""
    return WAIT if text == WAIT else DROP
