"""Stores a stream of samples in batches, and counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from meters.cli.lines import BadLine
from meters.pipelines import publish
from meters.samples import Sample

AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Sent:
    """How many samples were new, how many were there already, and the last line they came from."""

    stored: int = 0
    known: int = 0
    line: int = 0

    def __str__(self) -> str:
        there = f"{self.known:,} {'was' if self.known == 1 else 'were'} there already"
        return f"{self.stored:,} {'sample' if self.stored == 1 else 'samples'} stored, {there}."


class Watcher(Protocol):
    """Is told how far the work is after each batch."""

    def __call__(self, sent: Sent, /) -> None:
        """So much is stored."""


class Interrupted(Exception):
    """The stream ended early; `sent` is what was stored before, `why` a sentence."""

    def __init__(self, sent: Sent, why: str) -> None:
        before = f"Before that: {sent}" if sent.line else "Nothing was stored."
        super().__init__(f"{why.rstrip('.')}. {before}")
        self.sent = sent


def send(samples: Iterable[tuple[int, Sample]], watch: Watcher, at_once: int = AT_ONCE) -> Sent:
    """Store the numbered samples, `at_once` of them in each transaction.

    Raises Interrupted at a bad line; nothing of its batch is stored then, nor of any after it.
    """
    sent = Sent()
    try:
        for batch in _batches(samples, at_once):
            sent = _store(batch, sent)
            watch(sent)
    except BadLine as error:
        raise Interrupted(sent, str(error)) from error
    return sent


def _store(batch: list[tuple[int, Sample]], before: Sent) -> Sent:
    stored = publish([sample for _, sample in batch])
    return Sent(before.stored + stored, before.known + len(batch) - stored, batch[-1][0])


def _batches(
    samples: Iterable[tuple[int, Sample]], at_once: int
) -> Iterator[list[tuple[int, Sample]]]:
    rest = iter(samples)
    while batch := list(islice(rest, at_once)):
        yield batch
