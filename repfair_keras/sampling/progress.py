"""How far a long generation is: a bar in a terminal, a line now and then in a file or a notebook."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm

from repfair_keras.sampling.rejection_plan import duration

SECONDS = 10.0  # between two lines


@contextmanager
def progress_of_rejection(
    total: int, accepted: int, stream: TextIO | None
) -> Iterator[Callable[[int, int], None]]:
    """Yields a function of the numbers of accepted and of generated images so far, which shows them.

    Args:
        total: number of images that are wanted.
        accepted: those that the pilot gave.
        stream: where it is shown; `None`: nowhere.
    """
    if stream is None:
        yield lambda accepted, generated: None
    elif stream.isatty():
        with tqdm(
            total=total, initial=accepted, desc="Accepted", unit="image", file=stream, smoothing=0
        ) as bar:
            yield lambda accepted, generated: _move(bar, accepted, generated)
    else:
        yield _Lines(total, stream)


def _move(bar, accepted, generated):
    bar.set_postfix_str(f"{generated:,} generated", refresh=False)
    bar.update(accepted - bar.n)


class _Lines:
    """Writes a line at most every `SECONDS`, and one at the end."""

    def __init__(self, total, stream):
        self.total, self.stream = total, stream
        self.start = self.last = time.monotonic()

    def __call__(self, accepted, generated):
        now = time.monotonic()
        if accepted < self.total and now - self.last < SECONDS:
            return
        self.last = now
        line = f"{accepted:,} of {self.total:,} images accepted, {generated:,} generated, "
        print(f"{line}{duration(now - self.start)}", file=self.stream, flush=True)
