"""What a figure of a paper is made of: its runs, how it is measured and plotted, and what the paper claims.

A module of a paper holds one figure, the constant `FIGURE`, with the functions behind it: `measure` (numbers,
text and verdict), `verdict` (the parts of the claim) and `plot`. Its sweep is a YAML file in the same folder.
A new figure is such a module and one line in the registry's table `"paper_figure"`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

HOLDS = "holds"
IN_PART = "holds in part"
FAILS = "does not hold"
OPEN = "left open by these seeds"
UNTESTED = "could not be tested here"
WAITING = "not judged yet"  # no run is there, or of a registered block not all are
ILLUSTRATION = "an illustration, from which nothing is judged"
VERDICTS = (HOLDS, IN_PART, FAILS, OPEN, UNTESTED, WAITING, ILLUSTRATION)
SHOWN, CONTRADICTED, LEFT_OPEN = STATES = ("shown", "contradicted", "left open")


class Material(NamedTuple):
    """What a figure is measured and plotted from.

    Args:
        records: records of the figure's sweep, as `sweeps.records.load_records` reads them, each with
            `picture`, the path of its grid of samples or `None`; runs may be missing.
        data: dict of data set name to `ImageDataset`, of those that the figure `shows`.
        registered: `Registered`, how a registered block is judged; `None` for other figures.
        measured: when it is plotted, the `Measured` that was made of it.
    """

    records: list[dict]
    data: dict
    registered: Any = None
    measured: Any = None

    @property
    def groups(self) -> list[str]:
        """Names of the groups of the runs; empty without records."""
        return self.records[0]["data"]["groups"] if self.records else []


class Measured(NamedTuple):
    """The numbers behind a figure, and what they say of the paper's claim.

    Args:
        rows: list of flat dicts, the lines of the figure's CSV.
        text: Markdown: what was measured, with intervals and seeds.
        verdict: one of `VERDICTS`.
        why: one or two sentences with the numbers that decide.
        parts: tuple of `(text, state)`, the parts of the claim and which of `STATES` each is.
        rule: by which the parts were judged and the verdict follows from them.
        judged: of a registered block, the tuple of `Judged`, one for each of its hypotheses.
    """

    rows: list[dict]
    text: str
    verdict: str
    why: str
    parts: tuple = ()
    rule: str = ""
    judged: tuple = ()


@dataclass(frozen=True)
class PaperFigure:
    """A figure of a paper.

    Args:
        title: heading of its page.
        claim: what the paper reports, with its numbers, and where.
        sweep: name of the sweep whose records it shows; `None` if it shows data alone.
        measure: function from `Material` to `Measured`.
        plot: function from `Material` to `matplotlib.figure.Figure`, or to `None` where there is nothing to
            show.
        select: settings of `Config` that the figure's runs have, each one value or a tuple of them.
        shows: names of the data sets that it needs to see.
        registration: name of the registration that its runs are judged by; `None`: they were not registered.
        judged_in: name of the registered block that judges the same runs, and them alone; `None`: no other does.
    """

    title: str
    claim: str
    sweep: str | None
    measure: Callable[[Material], Measured]
    plot: Callable
    select: dict
    shows: tuple[str, ...] = ()
    registration: str | None = None
    judged_in: str | None = None

    @property
    def needs_nothing(self) -> bool:
        """Whether it is worked out, without runs and without data."""
        return self.sweep is None and not self.shows
