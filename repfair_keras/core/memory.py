"""Memory of a process that trains: kept for the next step, not given back after each, but when all are done."""

import ctypes
import functools

# Names of glibc's `mallopt`, and what they are set to, in bytes: nothing is given back, no tensor is mapped anew.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_KEPT = {_MMAP_THRESHOLD: 1 << 30, _TRIM_THRESHOLD: (1 << 31) - 1, _TOP_PAD: 1 << 26}


def keep_memory():
    """Has freed memory kept for the next tensors, where the C library is glibc.

    TensorFlow 2.21 asks glibc, once a process reads batches from a Python generator, to give back what is free above
    128 kB. From then on every step has its memory mapped anew, page by page: half of the time of a training
    (`benchmarks/keep_memory.py`). To be called when batches have begun to be read; a process grows by a fifth.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        for name, value in _KEPT.items():
            mallopt(name, value)


def give_memory_back():
    """Gives what is free back to the system, where the C library is glibc: between a training and what follows it.

    What was kept lies in pieces, into which the larger arrays of a report do not fit.
    """
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


@functools.cache
def _of_glibc(name):
    try:
        return getattr(ctypes.CDLL(None), name)
    except (OSError, TypeError, AttributeError):  # another C library, or another system
        return None
