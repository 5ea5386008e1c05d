"""What is done when a publisher is owed more than it may be: options that every address has."""

from typing import NamedTuple

from telemetry_site.core.publishers.address import Address, whole

DROP, WAIT = "drop", "wait"


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
    """The original's words, and unknown ones, mean to keep what is owed and drop the oldest."""
    return WAIT if text == WAIT else DROP
