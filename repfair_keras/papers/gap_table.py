"""The table of figures 4, 5 and 9 of RepFair-GAN: shares and gaps of a method, and what they cost."""

from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.run_rows import GAN, by_seed, of_method
from repfair_keras.papers.seed_statistics import difference
from repfair_keras.papers.seed_text import gap_text, lost_text, percent_text, points, seeds_text
from repfair_keras.reporting.markdown.text import number


def method_header(group: str) -> list[str]:
    """Returns the header of the lines that `method_line` makes."""
    shares = ["seeds", f"{group} (%)", "gap", "lost a group", "gap minus plain GAN's, paired"]
    return [*shares, "undecided", "right label", "KID of each group (seeds)"]


def method_line(rows: list[dict], method: str, group: str) -> list[str]:
    """Returns the cells of a method: seeds, shares and gaps, and beside them what they cost.

    Args:
        rows: of `run_rows.late_rows`, with those of the plain GAN, which a method is held against.
        method: name of the method.
        group: name of the group whose shares are shown.
    """
    runs = of_method(rows, method)
    return [
        str(len(by_seed(runs, "late_gap"))),
        seeds_text(runs, f"late_share/{group}", 100),
        gap_text(runs, "late_gap"),
        lost_text(runs, "runs"),
        "-" if method == GAN else points(difference(rows, "late_gap", GAN, method)),
        percent_text(runs, "late_undecided"),
        percent_text(runs, "late_right_label"),
        _kid_of_groups(runs),
    ]


def _kid_of_groups(rows):
    """Mean late KID of each group, and in how many seeds there were enough images of it."""
    cells = []
    for column in (name for name in rows[0] if name.startswith("late_kid/")):
        kid = mean_interval([row[column] for row in rows])
        if kid.mean is not None:
            cells.append(f"{column.partition('/')[2]} {number(kid.mean, 3)} ({kid.n})")
    return ", ".join(cells) or "-"
