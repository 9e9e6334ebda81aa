"""One progress line for a whole command, with an estimate of the time that is left.

A command announces its stages with a guess of the seconds that each takes. While a stage runs its own speed takes
the place of the guess; the guesses of those to come are scaled by how far the guesses were off so far. A stage's
first step says nothing of its speed: it makes graphs and opens files. On a terminal there is one line that changes,
elsewhere a plain line every few seconds.
"""

import contextvars
import sys
import time

EVERY_ON_TERMINAL, EVERY_ELSEWHERE = 0.2, 5.0  # seconds between two lines
BAR = 20

_CURRENT = contextvars.ContextVar("progress", default=None)


class Progress:
    """Progress of a command; `with` makes it the one that stages report to.

    Args:
        stages: dict of a stage's name to `(units, seconds)`: its number of steps, and a guess of what they all take.
        stream: where lines are written; `None`: standard error.
        clock: function that tells the time in seconds.

    Examples:
        >>> import io
        >>> from repfair_keras.core.progress import Progress, advance
        >>> text = io.StringIO()
        >>> with Progress({"training": (4, 8.0), "report": (1, 2.0)}, text, iter(range(0, 100, 6)).__next__):
        ...     for _ in range(4):
        ...         advance("training")
        >>> text.getvalue().splitlines()[1]
        'training 2 of 4, about 40 % of all, 0:18 left'
    """

    def __init__(self, stages, stream=None, clock=time.monotonic):
        self.stages = {name: (max(units, 1), max(seconds, 1e-3)) for name, (units, seconds) in stages.items()}
        self.stream, self.clock = stream or sys.stderr, clock
        self.done, self.spent, self.running = (
            dict.fromkeys(self.stages, 0),
            dict.fromkeys(self.stages, 0.0),
            None,
        )
        self.first = {}  # per stage, the units and the seconds of its first step
        self.started_at = self.last_line = clock()
        self.on_terminal = getattr(self.stream, "isatty", lambda: False)()
        self._token, self._stage_started, self.last_step = None, self.started_at, self.started_at

    def __enter__(self):
        self._token = _CURRENT.set(self)
        return self

    def __exit__(self, *error):
        _CURRENT.reset(self._token)
        if self.on_terminal:
            self.stream.write("\r\033[K")
            self.stream.flush()

    def advance(self, stage, units=1, total=None):
        """Notes that a stage has made so many steps more; `total` corrects its number of steps."""
        now = self.clock()
        known = self.stages.get(stage, (total or 1, self.stages.get(stage, (1, 1.0))[1]))
        if total is not None and total != known[0]:
            known = (total, known[1] * total / known[0])
        self.stages[stage] = known
        if self.running != stage:
            self.running, self._stage_started = stage, self.last_step
            self.done.setdefault(stage, 0)
        self.done[stage] += units
        self.spent[stage] = now - self._stage_started
        if units:
            self.first.setdefault(stage, (self.done[stage], self.spent[stage]))
        self.last_step = now
        every = EVERY_ON_TERMINAL if self.on_terminal else EVERY_ELSEWHERE
        if now - self.last_line >= every:
            self.last_line = now
            self._write(self.line())

    def finish(self, stage):
        """Notes that a stage is over, whatever was announced of it."""
        self.stages[stage] = (max(self.done.get(stage, 0), 1), max(self.spent.get(stage, 0.0), 1e-3))
        self.done[stage] = self.stages[stage][0]

    def seconds_left(self):
        """Returns an estimate of the seconds until all stages are over."""
        off = self._factor()
        return sum(self._left(stage, off) for stage in self.stages)

    def line(self):
        """Returns the line that says how far the command is."""
        total, done = self.stages[self.running][0], self.done[self.running]
        spent, left = sum(self.spent.values()), self.seconds_left()
        share = spent / (spent + left) if spent + left else 0.0
        steps = f"{self.running} {min(done, total):,} of {total:,}" if total > 1 else self.running
        text = f"{steps}, about {100 * share:.0f} % of all, {clock_of(left)} left"
        if not self.on_terminal:
            return text
        filled = round(BAR * share)
        return f"[{'#' * filled}{'.' * (BAR - filled)}] {text}"

    def _factor(self):
        """How many times as long as guessed it has taken so far, first steps left out."""
        speeds = {stage: self._speed(stage) for stage in self.stages}
        known = {stage: speed for stage, speed in speeds.items() if speed is not None}
        guessed = sum(self.stages[stage][1] for stage in known)
        return (
            sum(speed * self.stages[stage][0] for stage, speed in known.items()) / guessed if guessed else 1.0
        )

    def _speed(self, stage):
        """Seconds per step, of a stage that has made more than one."""
        units, seconds = self.first.get(stage, (0, 0.0))
        steps = self.done.get(stage, 0) - units
        return (self.spent[stage] - seconds) / steps if units and steps else None

    def _left(self, stage, off):
        units, seconds = self.stages[stage]
        speed = self._speed(stage)
        left = max(units - self.done.get(stage, 0), 0)
        return left * (seconds / units * off if speed is None else speed)

    def _write(self, text):
        self.stream.write(f"\r\033[K{text}" if self.on_terminal else f"{text}\n")
        self.stream.flush()


def advance(stage, units=1, total=None):
    """Tells the command that is running, if it shows progress, that a stage has made so many steps more."""
    if (progress := _CURRENT.get()) is not None:
        progress.advance(stage, units, total)


def finish(stage):
    """Tells the command that is running, if it shows progress, that a stage is over."""
    if (progress := _CURRENT.get()) is not None:
        progress.finish(stage)


def shown():
    """Whether a command shows progress, so that nothing else need be printed."""
    return _CURRENT.get() is not None


def clock_of(seconds):
    """Returns seconds as text, `1:05:09` or `5:09`.

    Examples:
        >>> from repfair_keras.core.progress import clock_of
        >>> clock_of(309), clock_of(3909)
        ('5:09', '1:05:09')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
