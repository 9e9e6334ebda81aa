"""A generator whose density is known exactly, and what a weight on the real half of the loss does to its lost group.

Two groups in the plane, real images p = (N_0 + N_1) / 2 with N_k a normal distribution around a centre. The generator
makes group 1 with share s: q = (1 - s) N_0 + s N_1. The discriminator that minimises lambda E_p softplus(-D) +
E_q softplus(D), the real half weighed with lambda, is D = log lambda + log(p / q), exactly. The generator descends on
E_q softplus(-D), by the logit b of s. Everything here is an integral over a grid of the plane.
"""

import numpy as np
from matplotlib.figure import Figure

from repfair_keras.figures.style import COLORS, GREY, LINES, new_figure, plain
from repfair_keras.papers.figure import ILLUSTRATION, Material, Measured, PaperFigure
from repfair_keras.reporting.markdown.text import table

CENTRES, DEVIATION = np.array([[-1.5, 0.0], [1.5, 0.0]]), 0.5
WEIGHTS = (1.0, 0.5, 0.15, 0.05, 0.01)
LOST = 0.01  # share of the group that the generator has lost
STEP, TIME = 0.05, 300.0  # of the gradient flow
_X, _Y = np.meshgrid(np.linspace(-5, 5, 161), np.linspace(-3.5, 3.5, 113))
POINTS = np.stack([_X.ravel(), _Y.ravel()], axis=1)
CELL = (10 / 160) * (7 / 112)


def normal(group: int, points: np.ndarray = POINTS) -> np.ndarray:
    """Density of a group.

    Args:
        group: 0 or 1.
        points: shape `(n, 2)`.

    Returns:
        float64, shape `(n,)`.
    """
    squared = ((points - CENTRES[group]) ** 2).sum(axis=1)
    return np.exp(-squared / (2 * DEVIATION**2)) / (2 * np.pi * DEVIATION**2)


def generated(share: float, points: np.ndarray = POINTS) -> np.ndarray:
    """Density of the generator that makes group 1 with this share; 1/2: that of the data."""
    return (1 - share) * normal(0, points) + share * normal(1, points)


def best_discriminator(share: float, weight: float, points: np.ndarray = POINTS) -> np.ndarray:
    """Logit of the discriminator that minimises its loss with the real half weighed, D = log(weight p / q)."""
    return np.log(weight) + np.log(generated(0.5, points)) - np.log(generated(share, points))


def generator_loss(share: float, weight: float) -> float:
    """Returns E_q softplus(-D) for the best discriminator of the same generator."""
    return float((generated(share) * np.logaddexp(0, -best_discriminator(share, weight))).sum() * CELL)


def pull(share: float, weight: float) -> float:
    """How hard the best discriminator pulls the share up: minus the slope of the generator's loss by the share.

    The discriminator is held still, as in training: E_0 softplus(-D) - E_1 softplus(-D). Groups that do not overlap
    have log(1 + 2 (1 - s) / lambda) - log(1 + 2 s / lambda): for lambda = 1 at most log 3, for a small one minus the
    logit of s, which has no bound.

    Args:
        share: of group 1, in (0, 1).
        weight: lambda, above 0.

    Examples:
        >>> round(pull(0.5, 1.0), 6), round(pull(0.01, 1.0), 2), round(pull(0.01, 0.01), 2)
        (0.0, 1.04, 4.09)
    """
    loss = np.logaddexp(0, -best_discriminator(share, weight))
    return float(((normal(0) - normal(1)) * loss).sum() * CELL)


def recovered(weight: float, start: float = LOST) -> tuple[np.ndarray, np.ndarray]:
    """Follows the gradient flow of the generator, by the logit b of its share, against best discriminators.

    Returns:
        times, shares: shape `(n,)`; db/dt = s (1 - s) pull(s).
    """
    logit, shares = np.log(start / (1 - start)), []
    times = np.arange(0, TIME, STEP)
    grid = np.linspace(-8, 8, 161)  # the pull is smooth: it is worked out once for each of these
    slopes = [share * (1 - share) * pull(share, weight) for share in 1 / (1 + np.exp(-grid))]
    for _ in times:
        shares.append(1 / (1 + np.exp(-logit)))
        logit += STEP * np.interp(logit, grid, slopes)
    return times, np.array(shares)


def time_to(weight: float, share: float = 0.4) -> float:
    """Returns when a lost group is back at a share; infinity: not in the time that is followed."""
    times, shares = recovered(weight)
    back = np.flatnonzero(shares >= share)
    return float(times[back[0]]) if len(back) else float("inf")


def measure(material: Material) -> Measured:
    """Works out the numbers of the figure; there are no runs."""
    rows = [
        {
            "weight": weight,
            "loss_of_equal_groups": generator_loss(0.5, weight),
            "pull_lost": pull(LOST, weight),
            "pull_30": pull(0.3, weight),
            "time_to_40": time_to(weight),
        }
        for weight in WEIGHTS
    ]
    header = [
        "weight of the real half",
        f"pull at {100 * LOST:g} %",
        "pull at 30 %",
        "time to come back to 40 %",
    ]
    lines = [
        [f"{row['weight']:g}", *(f"{row[name]:.2f}" for name in ("pull_lost", "pull_30", "time_to_40"))]
        for row in rows
    ]
    return Measured(
        rows, f"{table(header, lines)}\n\n{EXPLAINED}", ILLUSTRATION, "There are no runs behind it."
    )


EXPLAINED = (
    "The generator makes one of two equally large groups with share s. Against the best discriminator, whose real half "
    "is weighed with lambda, a lost group is pulled back with log(1 + 2 (1 - s) / lambda) - log(1 + 2 s / lambda), "
    "where groups do not overlap: never more than log 3 = 1.1 for lambda = 1, however few there are, but without bound "
    "for a small lambda. Near equal groups the pull is twice as strong for a small lambda as for 1. No group is used "
    "for that. So a weight below 1, which Algorithm 1 amounts to where it clips every step, holds on to small groups; "
    "why a *trained* discriminator loses them in the first place, and how soon it comes near the best one, is not in "
    "this picture."
)


def plot(material: Material) -> Figure:
    """Plots the densities, the discriminators, the pull on a lost group, and how it comes back."""
    figure = new_figure(11, 6.6)
    (densities, logits), (pulls, flows) = figure.subplots(2, 2)
    _plot_densities(densities)
    line = np.stack([np.linspace(-3.5, 3.5, 281), np.zeros(281)], axis=1)
    shares = np.linspace(0.002, 0.998, 120)
    for i, weight in enumerate(WEIGHTS):
        look = {"color": COLORS[i], "linestyle": LINES[i % len(LINES)], "label": f"{weight:g}"}
        logits.plot(line[:, 0], best_discriminator(0.05, weight, line), **look)
        pulls.plot(100 * shares, [pull(share, weight) for share in shares], **look)
        times, back = recovered(weight)
        flows.plot(times, 100 * back, **look)
    _name(logits, "the best discriminator, right group at 5 %", "place, from left to right", "logit D")
    _name(pulls, "how hard it pulls the right group up", "share of the right group (%)", "pull")
    _name(
        flows, "a lost group comes back", "time (steps of plain gradient descent, scaled)", "right group (%)"
    )
    pulls.axhline(0, color=GREY, linewidth=0.8)
    figure.legend(
        *logits.get_legend_handles_labels(),
        title="weight of the real half of the discriminator's loss",
        loc="outside lower center",
        ncols=len(WEIGHTS),
        frameon=False,
    )
    figure.suptitle(TITLE)
    return figure


def _plot_densities(axes):
    for share, color, name in ((0.5, COLORS[0], "real"), (0.05, COLORS[1], "generated, right group at 5 %")):
        levels = np.array([0.01, 0.03, 0.1, 0.25])
        axes.contour(_X, _Y, generated(share).reshape(_X.shape), levels, colors=color, linewidths=1)
        axes.plot([], [], color=color, label=name)
    axes.set_xlim(-3.5, 3.5)
    axes.set_ylim(-2, 2.8)
    axes.legend(frameon=False, fontsize=8, loc="upper center")
    axes.set_title("two groups, both densities known", fontsize=10)


def _name(axes, title, x, y):
    axes.set_title(title, fontsize=10)
    axes.set_xlabel(x, fontsize=9)
    axes.set_ylabel(y, fontsize=9)
    plain(axes)


TITLE = "A lost group, pulled back by a weight: a toy with exact densities"
FIGURE = PaperFigure(
    title=TITLE,
    claim=(
        "Clipping each group's gradient keeps the groups' norms together (RepFair-GAN, section 3). Where every real "
        "step is clipped, that is a weight on the real half of the discriminator's loss."
    ),
    sweep=None,
    measure=measure,
    plot=plot,
    select={},
)
