"""What a figure of a paper is made of: its runs, how it is measured and drawn, and what the paper claims."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

HOLDS = "holds"
IN_PART = "holds in part"
FAILS = "does not hold"
OPEN = "left open by these seeds"
UNTESTED = "could not be tested here"
VERDICTS = (HOLDS, IN_PART, FAILS, OPEN, UNTESTED)
SHOWN, CONTRADICTED, LEFT_OPEN = STATES = ("shown", "contradicted", "left open")


class Material(NamedTuple):
    """What there is to draw from.

    Args:
        records: records of the figure's sweep, as `sweeps.records.load_records` reads them, each with
            `picture`, the path of its grid of samples or `None`; runs may be missing.
        data: dict of data set name to `ImageDataset`, of those that the figure `shows`.
    """

    records: list[dict]
    data: dict


class Measured(NamedTuple):
    """The numbers behind a figure, and what they say of the paper's claim.

    Args:
        rows: list of flat dicts, the lines of the figure's CSV.
        text: Markdown: what was measured, with intervals and seeds.
        verdict: one of `VERDICTS`.
        why: one or two sentences with the numbers that decide.
        parts: tuple of `(text, state)`, the parts of the claim and which of `STATES` each is.
        rule: by which the parts were told and the verdict follows from them.
    """

    rows: list[dict]
    text: str
    verdict: str
    why: str
    parts: tuple = ()
    rule: str = ""


@dataclass(frozen=True)
class PaperFigure:
    """A figure of a paper.

    Args:
        title: heading of its page.
        claim: what the paper reports, with its numbers, and where.
        sweep: name of the sweep whose records it draws; `None` if it draws data alone.
        measure: function from `Material` to `Measured`.
        draw: function from `Material` to `matplotlib.figure.Figure`; `None` where there is nothing to show.
        select: settings of `Config` that the figure's runs have, each one value or a tuple of them.
        shows: names of the data sets that it needs to see.
    """

    title: str
    claim: str
    sweep: str | None
    measure: Callable
    draw: Callable
    select: dict
    shows: tuple[str, ...] = ()
