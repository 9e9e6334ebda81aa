"""Ctrl-C that is never lost."""

import contextlib
import signal
import threading


@contextlib.contextmanager
def noted():
    """Yields a function that raises `KeyboardInterrupt` if Ctrl-C was pressed since.

    Python's own exception comes anywhere in the main thread, and where that is a callback of the garbage
    collector it is printed and forgotten. Pressed a second time, it is Python's own: whatever hangs is ended.
    In other threads, which get no signals, nothing is done.
    """
    pressed = threading.Event()

    def check():
        if pressed.is_set():
            raise KeyboardInterrupt

    def note(number, frame):
        if pressed.is_set():
            signal.default_int_handler(number, frame)
        pressed.set()

    if threading.current_thread() is not threading.main_thread():
        yield check
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
