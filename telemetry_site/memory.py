"""How a process treats its memory that takes in one batch after the other."""

import ctypes
import gc
import sys

# M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD of malloc.h, in bytes.
KEPT = {-1: 64 << 20, -2: 8 << 20, -3: 32 << 20}
# New objects until the collector looks at them, and how many such looks until it looks deeper.
RARELY = (50_000, 20, 20)


def settle() -> None:
    """To be called once all is loaded: what is there stays, and is not looked through again.

    A batch makes some ten thousand objects, none of them in a cycle.
    """
    _keep_what_is_free()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)


def _keep_what_is_free() -> None:
    """Let glibc keep some tens of megabytes that are free: the next batch needs them again.

    Given back to the kernel after each batch, they come back one page fault after another.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        for parameter, size in KEPT.items():
            mallopt(parameter, size)
