"""Ctrl-C is noticed wherever it falls."""

import signal
import threading
import weakref

import pytest

from repfair_keras.core import interrupts as ctrl_c


class Thing:
    pass


def test_it_is_not_lost_in_a_callback_of_the_garbage_collector():
    with ctrl_c.noted() as check:
        check()
        thing = Thing()
        watch = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
        del thing
        assert watch() is None
        with pytest.raises(KeyboardInterrupt):
            check()


def test_pressed_again_it_ends_what_does_not_look():
    with ctrl_c.noted():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_afterwards_it_is_python_s_own_again():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), ctrl_c.noted():
        assert signal.getsignal(signal.SIGINT) is not before
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_are_left_alone():
    done = []

    def work():
        with ctrl_c.noted() as check:
            check()
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
