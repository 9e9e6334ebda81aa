"""A random search of as many settings for each method: how the methods compare over all, and the best of each."""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import rankdata

from repfair_keras.figures.style import COLORS, GREY, new_figure, plain
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.page_text import paragraphs
from repfair_keras.papers.registered import block
from repfair_keras.papers.registered.endpoints import endpoints
from repfair_keras.papers.registered.registration import by_arm
from repfair_keras.reporting.markdown.text import NONE, number, percent, table

DRAWN = ("seed", "d_learning_rate", "g_learning_rate", "beta_1", "dropout", "real_weight", "max_grad_norm")
READABLE, DECIDED = 0.8, 0.25  # right label at least, undecided at most, of a run that can be the best one
FEWEST = 2  # runs that qualify; else all are ranked
MARKERS = "osD^v"


class Tried(NamedTuple):
    """A run of a search.

    Args:
        record: see `sweeps.records`.
        measured: what `endpoints` has measured of it.
    """

    record: dict
    measured: dict

    @property
    def qualifies(self) -> bool:
        """Whether its images can be read, and their groups told."""
        right, undecided = self.measured["right_label"], self.measured["undecided"]
        return right is not None and right >= READABLE and undecided <= DECIDED


def best(tried: list[Tried]) -> Tried | None:
    """Returns the run with the least sum of ranks by gap within classes and by FID; `None` if nothing was measured.

    Only runs whose images can be read count, if there are at least two of them; of equal sums, the lower FID.

    Args:
        tried: runs of one method.

    Examples:
        >>> from repfair_keras.papers.registered.search import Tried, best
        >>> good = {"right_label": 0.9, "undecided": 0.1}
        >>> runs = [{"class_gap": gap, "fid": fid, **good} for gap, fid in ((0.1, 2.0), (0.3, 1.0), (0.2, 0.9))]
        >>> best([Tried({}, run) for run in runs]).measured["fid"]
        0.9
    """
    complete = [one for one in tried if None not in (one.measured["class_gap"], one.measured["fid"])]
    qualified = [one for one in complete if one.qualifies]
    ranked = qualified if len(qualified) >= FEWEST else complete
    if not ranked:
        return None
    values = np.array([[one.measured["class_gap"], one.measured["fid"]] for one in ranked])
    sums = rankdata(values, axis=0).sum(axis=1)
    return ranked[min(range(len(ranked)), key=lambda i: (sums[i], values[i, 1]))]


def measure(material: Material) -> Measured:
    """Measures and judges the block, and tells the best settings of each method."""
    measured = block.measure(material)
    arms = _tried(material)
    configs = [one.record["config"] for tried in arms.values() for one in tried]  # in the order of the rows
    rows = [
        {**row, **{name: config[name] for name in DRAWN}}
        for row, config in zip(measured.rows, configs, strict=True)
    ]
    return measured._replace(rows=rows, text=paragraphs([measured.text, _best_text(arms) if configs else ""]))


def _tried(material):
    return {
        arm: [Tried(record, endpoints(record)) for record in records]
        for arm, records in by_arm(material.registered.plan, material.records).items()
    }


def _best_text(arms):
    header = ["method", "settings that qualify", *(name.replace("_", " ") for name in DRAWN)]
    header += ["gap within classes (points)", "FID", "right label", "undecided"]
    lines = [_line(arm, tried) for arm, tried in arms.items() if tried]
    return (
        "### The best setting of each\n\n"
        f"{table(header, lines)}\n\n"
        "As registered: of the runs with at least 80 % right labels and at most 25 % undecided, the least sum of the "
        "ranks by gap within classes and by FID. One run each, the luckiest of 24: how good it is, only new seeds tell."
    )


def _line(arm, tried):
    config, found = {}, best(tried)
    if found is not None:
        config, measured = found.record["config"], found.measured
    qualify = f"{sum(one.qualifies for one in tried)} of {len(tried)}"
    if found is None:
        return [arm, qualify, *[NONE] * (len(DRAWN) + 4)]
    return [
        arm,
        qualify,
        *(NONE if _unread(arm, name) else f"{config[name]:g}" for name in DRAWN),
        number(100 * measured["class_gap"], 3),
        number(measured["fid"], 3),
        percent(measured["right_label"]),
        percent(measured["undecided"]),
    ]


def _unread(arm, name):
    """Whether a column says nothing of an arm: records have a value for every setting."""
    return (name == "max_grad_norm" and arm != "repfair") or (name == "real_weight" and arm != "weighted")


def plot(material: Material) -> Figure | None:
    """Plots gap against FID for every setting, the best of each method ringed; `None` without records."""
    if not material.records:
        return None
    figure = new_figure(9, 5)
    axes = figure.subplots()
    plain(axes)
    for place, (arm, tried) in enumerate(_tried(material).items()):
        known = [one for one in tried if None not in (one.measured["class_gap"], one.measured["fid"])]
        for qualifies in (True, False):
            shown = [one for one in known if one.qualifies is qualifies]
            style = {
                "marker": MARKERS[place],
                "color": COLORS[place],
                "s": 36,
                "alpha": 0.9 if qualifies else 0.25,
            }
            named = {"label": arm.replace("_", " ")} if qualifies else {}
            axes.scatter(*_points(shown), **style, **named)
        if found := best(tried):
            axes.scatter(
                *_points([found]), s=190, facecolors="none", edgecolors=COLORS[place], linewidths=1.8
            )
    if any(len(dots.get_offsets()) for dots in axes.collections):
        axes.set_yscale("log")
    axes.set_xlabel("gap within classes (points; equal groups have 5.6 by chance)")
    axes.set_ylabel("FID (lower is better)")
    axes.axvline(5.6, color=GREY, linestyle=":", linewidth=1)
    title = "one run of one setting each;\npale: cannot be read; ringed:\nthe best of its method"
    axes.legend(
        fontsize=9, title=title, title_fontsize=8, loc="upper left", bbox_to_anchor=(1, 1), frameon=False
    )
    figure.suptitle(material.registered.plan.title)
    return figure


def _points(tried):
    return (
        [100 * one.measured["class_gap"] for one in tried],
        [one.measured["fid"] for one in tried],
    )


FIGURE = PaperFigure(
    "As many settings of each method, drawn at random",
    "RepFair-GAN is compared with a plain GAN at one setting of each, the same for both (RepFair-GAN, section 4).",
    "search",
    measure,
    plot,
    {},
    registration="search",
)
