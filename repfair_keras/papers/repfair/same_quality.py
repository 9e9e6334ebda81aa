"""Whether RepFair-GAN's images are as good as the plain GAN's: undecided images, labels and KID per group."""

import numpy as np

from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.metrics.intervals import Interval, mean_interval, paired_difference
from repfair_keras.papers.run_rows import (
    GAN,
    REPFAIR,
    SEEDS,
    by_seed,
    difference,
    identity,
    interval_text,
    mean_text,
    of_method,
    percent_text,
    points,
)
from repfair_keras.papers.verdict import Part
from repfair_keras.reporting.markdown.text import table

KID_MARGIN = 0.25  # of the plain GAN's KID
SHARE_MARGIN = 0.05  # of undecided images and right labels
UNLIKE = 1.0  # KID: digits of one group alone are 1.3 from those of both groups
RULE = (
    "Quality counts as the same if RepFair-GAN minus plain GAN on the same seeds is with its whole 95 % t "
    f"interval less than {100 * KID_MARGIN:g} % of the plain GAN's KID, or {100 * SHARE_MARGIN:g} points of "
    "undecided images or right labels, on the worse side; as worse if the whole interval is worse than 0 "
    f"and reaches beyond that. It is left open where the plain GAN's KID is above {UNLIKE:g}: such images "
    "are unlike real ones, and as good as they is not good."
)
EXPLAINED = (
    "Of the images generated at the end of training, as in the pictures; intervals are 95 % t intervals "
    "over seeds. Shares above the pictures are counts, not corrected. KID and FID (lower is better) "
    "compare the images that lean to a group with real images of "
    "it, in features of a network trained on the real images. The verdict takes KID, since a mean FID "
    "depends on the number of images, averaged over the groups that both runs of a seed have enough images "
    "of: a group that a run has lost counts for neither, and a generator that makes one group alone may be "
    "good at it."
)


def quality_rows(records):
    """Returns a row per run: shares and quality at the end of training.

    Args:
        records: see `sweeps.records`.

    Returns:
        list of dicts of `dataset`, `method`, `seed`, `record`, `n`, `extractor` (its hash), `share/<group>`,
        `undecided`, `right_label`, `kid/<group>`, `fid/<group>` and `real_kid/<group>`, what real images
        reach; `None` where nothing was measured.
    """
    return [_row(record) for record in records]


def _row(record):
    report = record["report"]
    quality, names = report.get("quality") or {}, record["data"]["groups"]
    unknown = [None] * len(names)
    columns = {
        "share": report.get("proportions"),
        "kid": _by_group(quality.get("by_group"), "kid"),
        "fid": _by_group(quality.get("by_group"), "fid"),
        "real_kid": _by_group(quality.get("real_by_group"), "kid"),
    }
    row = {**identity(record), "n": report["n"], "undecided": report["undecided"]}
    row["extractor"] = (quality.get("extractor") or {}).get("hash")
    row["right_label"] = (report.get("label_agreement") or {}).get("overall")
    for column, values in columns.items():
        row |= {f"{column}/{name}": value for name, value in zip(names, values or unknown, strict=True)}
    return row


def _by_group(metrics, metric):
    return ((metrics or {}).get(metric) or {}).get("by_group")


def other_extractors(rows):
    """Says that quality was measured with different extractors, whose numbers do not compare; else empty."""
    hashes = sorted({row["extractor"] for row in rows if row["extractor"] is not None})
    told = "the quality of these runs was measured with different extractors"
    return f"{told}, {' and '.join(hashes)}: such numbers do not compare." if len(hashes) > 1 else ""


def kid_pairs(rows, groups):
    """KID of both methods, seed by seed, averaged over the groups that both have a value of.

    Returns:
        dict of seed to `(plain, repaired)`; seeds without a common group are left out.
    """
    plain, repaired = ({row["seed"]: row for row in of_method(rows, method)} for method in (GAN, REPFAIR))
    pairs = {}
    for seed in sorted(set(plain) & set(repaired)):
        both = [(plain[seed][f"kid/{name}"], repaired[seed][f"kid/{name}"]) for name in groups]
        known = [pair for pair in both if None not in pair]
        if known:
            pairs[seed] = tuple(np.mean(known, axis=0).tolist())
    return pairs


def quality_parts(rows, groups, key=True):
    """The parts of the claim that RepFair-GAN's images are as good as the plain GAN's; `key` is for KID's."""
    parts = [kid_part(rows, groups, key), share_part(rows, "undecided", "undecided images", False)]
    if any(row["right_label"] is not None for row in rows):
        parts.append(share_part(rows, "right_label", "right labels", True))
    return parts


def kid_part(rows, groups, key=True):
    """The part of the claim that KID is the same."""
    plain, repaired = ({s: pair[side] for s, pair in kid_pairs(rows, groups).items()} for side in (0, 1))
    change, level = paired_difference(plain, repaired), mean_interval(plain.values()).mean
    text = f"RepFair-GAN changes KID by {interval_text(change)} from {_level(level)}, claimed: the same"
    if level is not None and level > UNLIKE:
        return Part(f"{text}; but the plain GAN makes images that are unlike real ones", None, key)
    return Part(text, None if level is None else as_good(change, KID_MARGIN * abs(level)), key)


def share_part(rows, column, name, higher_is_better):
    """The part of the claim that undecided images, or right labels, are the same."""
    change = difference(rows, column, GAN, REPFAIR)
    worse = _negated(change) if higher_is_better else change
    text = f"RepFair-GAN changes {name} by {points(change)}, claimed: the same"
    return Part(text, as_good(worse, SHARE_MARGIN))


def as_good(worse, margin):
    """Whether something has got worse by less than a margin.

    Args:
        worse: `Interval` of how much worse it is; below 0 it is better.
        margin: what still counts as the same, above 0.

    Returns:
        `True` if the whole interval is below the margin, `False` if all of it is above 0 and some of it not
        below the margin, else, or with too few seeds, `None`.
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


def quality_table(rows, groups):
    """Returns the Markdown table of the methods, and below it how many seeds the comparison of KID has."""
    columns = [f"{metric}/{name}" for metric in ("kid", "fid") for name in groups]
    header = ["images of", "seeds", "undecided", "right label"]
    header += [f"{metric} {name}" for metric in ("KID", "FID") for name in groups]
    lines = []
    for method in [method for method in METHOD_NAMES if of_method(rows, method)]:
        mine = of_method(rows, method)
        cells = [percent_text(mine, name) for name in ("undecided", "right_label")]
        cells += [mean_text(mine, column) for column in columns]
        lines.append([method_name(method), str(len(by_seed(mine, "n"))), *cells])
    real = [_level(mean_interval([row[f"real_kid/{name}"] for row in rows]).mean) for name in groups]
    lines.append(["real images in their place", "-", "-", "-", *real, *["-"] * len(groups)])
    pairs = kid_pairs(rows, groups)
    return f"{table(header, lines)}\n\nSeeds in which both runs have a group to compare by KID: {len(pairs)}."


def _level(value):
    return "-" if value is None else f"{value:.3g}"
