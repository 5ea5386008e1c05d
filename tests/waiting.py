"""Waiting for what other processes do: it asks again until the answer is yes, or fails."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")

_pause = Event()


def until(question: Callable[[], T | None], what: str, seconds: float = 30) -> T:
    """The first true answer; AssertionError when there is none within that time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        _pause.wait(0.05)
