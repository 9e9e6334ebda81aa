"""Ctrl-C that is never lost."""

import contextlib
import signal
import threading


@contextlib.contextmanager
def noted():
    """Yields a function that raises `KeyboardInterrupt` if Ctrl-C was pressed since.

    Python's own exception comes anywhere in the main thread, and where that is a callback of the garbage
    collector it is printed and forgotten. In other threads, which get no signals, nothing is done.
    """
    pressed = threading.Event()

    def check():
        if pressed.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield check
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.set())
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
