"""What is wrong with an input, all of it in one message."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from repfair_keras.core.errors import InputError

SHOWN = 5  # problems of one kind that are listed; of more, how many there are is said


class Problem(NamedTuple):
    """One thing that is wrong.

    Args:
        what: what was seen and what is expected, without a full stop.
        cure: a sentence, how to mend it.
        about: what it is about, such as the name of a column.
        kind: what such problems are called, in the plural, where there may be a great many.
    """

    what: str
    cure: str = ""
    about: str | None = None
    kind: str | None = None


class InputProblems(InputError):
    """All that is wrong with an input.

    Args:
        source: what the input is.
        problems: `Problem`s, at least one.
        advice: what mends all of them at once; `None`: each is shown with its own cure.
    """

    def __init__(self, source: object, problems: list[Problem], advice: str | None = None):
        self.source, self.problems = source, tuple(problems)
        if len(self.problems) == 1:
            text = f"{source}: {_with_cure(self.problems[0])}"
        else:
            lines = [f"{source}: {len(self.problems)} problems.", *_listed(self.problems, advice is None)]
            text = "\n".join(lines if advice is None else [*lines, advice])
        super().__init__(text)


class Problems:
    """Collects problems, so that a user hears of all of them at once.

    Args:
        source: what the input is, a file or a sentence without a full stop.

    Examples:
        >>> problems = Problems("people.csv")
        >>> problems.add("column 'age' is empty", "Fill it in.")
        >>> problems.add("column 'id' is different in every row", "Leave it out.")
        >>> problems.raise_if_any()
        Traceback (most recent call last):
        repfair_keras.core.problems.InputProblems: people.csv: 2 problems.
        - column 'age' is empty. Fill it in.
        - column 'id' is different in every row. Leave it out.
    """

    def __init__(self, source: object):
        self.source, self._problems = source, []

    def __bool__(self):
        return bool(self._problems)

    def add(self, what: str, cure: str = "", about: str | None = None, kind: str | None = None) -> None:
        """Notes a problem; arguments as of `Problem`."""
        self._problems.append(Problem(what, cure, about, kind))

    @contextlib.contextmanager
    def collect(self) -> Iterator[None]:
        """Notes the problems that the block raises, and goes on after it."""
        try:
            yield
        except InputProblems as error:
            self._problems += error.problems
        except InputError as error:
            self.add(str(error).removesuffix("."))

    def raise_if_any(self) -> None:
        """Raises `InputProblems` if a problem was noted."""
        if self:
            raise InputProblems(self.source, self._problems)


def refusal(source: object, what: str, cure: str = "", about: str | None = None) -> InputProblems:
    """Returns the error for a single problem; arguments as of `InputProblems` and `Problem`."""
    return InputProblems(source, [Problem(what, cure, about)])


def _with_cure(problem):
    return f"{problem.what}. {problem.cure}".rstrip()


def _listed(problems, with_cures):
    """Yields a line for each problem, those of one kind together, with their cure once."""
    for kind in dict.fromkeys(problem.kind for problem in problems):
        alike = [problem for problem in problems if problem.kind == kind]
        for number, problem in enumerate(alike if kind is None else alike[:SHOWN]):
            cured = with_cures and (kind is None or number == 0)
            yield f"- {_with_cure(problem) if cured else problem.what}"
        if kind is not None and len(alike) > SHOWN:
            yield f"- and {len(alike) - SHOWN} more {kind}"
