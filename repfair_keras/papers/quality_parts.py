"""Parts of the claim that RepFair-GAN's images are as good as the plain GAN's: KID, undecided, labels."""

from repfair_keras.metrics.intervals import Interval, mean_interval, paired_difference
from repfair_keras.papers.quality_rows import kid_pairs, level_text
from repfair_keras.papers.run_rows import GAN, REPFAIR
from repfair_keras.papers.seed_statistics import SEEDS, difference
from repfair_keras.papers.seed_text import interval_text, points
from repfair_keras.papers.verdict import Part

KID_MARGIN = 0.25  # of the plain GAN's KID
SHARE_MARGIN = 0.05  # of undecided images and right labels
UNLIKE = 1.0  # KID: digits of one group alone are 1.3 from those of both groups
QUALITY_RULE = (
    "Quality counts as the same if RepFair-GAN minus plain GAN on the same seeds is with its whole 95 % t "
    f"interval less than {100 * KID_MARGIN:g} % of the plain GAN's KID, or {100 * SHARE_MARGIN:g} points of "
    "undecided images or right labels, on the worse side; as worse if the whole interval is worse than 0 "
    f"and reaches beyond that. It is left open where the plain GAN's KID is above {UNLIKE:g}: such images "
    "are unlike real ones, and as good as they is not good."
)


def quality_parts(rows: list[dict], groups: list[str], key: bool = True) -> list[Part]:
    """The parts of the claim that RepFair-GAN's images are as good as the plain GAN's; `key` is for KID's.

    Args:
        rows: of `quality_rows.quality_rows`.
        groups: names of the groups.
        key: whether the claim stands on the part on KID.
    """
    parts = [kid_part(rows, groups, key), share_part(rows, "undecided", "undecided images", False)]
    if any(row["right_label"] is not None for row in rows):
        parts.append(share_part(rows, "right_label", "right labels", True))
    return parts


def kid_part(rows: list[dict], groups: list[str], key: bool = True) -> Part:
    """The part of the claim that KID is the same."""
    plain, repaired = ({s: pair[side] for s, pair in kid_pairs(rows, groups).items()} for side in (0, 1))
    change, level = paired_difference(plain, repaired), mean_interval(plain.values()).mean
    text = f"RepFair-GAN changes KID by {interval_text(change)} from {level_text(level)}, claimed: the same"
    if level is not None and level > UNLIKE:
        return Part(f"{text}; but the plain GAN makes images that are unlike real ones", None, key)
    return Part(text, None if level is None else as_good(change, KID_MARGIN * abs(level)), key)


def share_part(rows: list[dict], column: str, name: str, higher_is_better: bool) -> Part:
    """The part of the claim that undecided images, or right labels, are the same."""
    change = difference(rows, column, GAN, REPFAIR)
    worse = _negated(change) if higher_is_better else change
    text = f"RepFair-GAN changes {name} by {points(change)}, claimed: the same"
    return Part(text, as_good(worse, SHARE_MARGIN))


def as_good(worse: Interval, margin: float) -> bool | None:
    """Whether something has got worse by less than a margin.

    Args:
        worse: how much worse it is; below 0 it is better.
        margin: what still counts as the same, above 0.

    Returns:
        `True` if the whole interval is below the margin, `False` if all of it is above 0 and some of it not
        below the margin, else, or with too few seeds, `None`.

    Examples:
        >>> as_good(Interval(0.01, -0.02, 0.04, n=6), margin=0.05)
        True
    """
    if worse.n < SEEDS:
        return None
    if worse.high < margin:
        return True
    return False if worse.low > 0 else None


def _negated(interval):
    if interval.low is None:
        return interval
    return Interval(-interval.mean, -interval.high, -interval.low, interval.n)
