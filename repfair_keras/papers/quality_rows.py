"""Quality of generated images at the end of training: a row per run, KID paired by seed, and a table."""

import numpy as np

from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.run_rows import GAN, REPFAIR, by_seed, identity, of_method
from repfair_keras.papers.seed_text import mean_text, percent_text
from repfair_keras.reporting.markdown.text import NONE, table

EXPLAINED = (
    "Of the images generated at the end of training, as in the pictures; intervals are 95 % t intervals "
    "over seeds. Shares above the pictures are counts, not corrected. KID and FID (lower is better) "
    "compare the images that lean to a group with real images of "
    "it, in features of a network trained on the real images. The verdict takes KID, since a mean FID "
    "depends on the number of images, averaged over the groups that both runs of a seed have enough images "
    "of: a group that a run has lost counts for neither, and a generator that makes one group alone may be "
    "good at it."
)


def quality_rows(records: list[dict]) -> list[dict]:
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


def other_extractors(rows: list[dict]) -> str:
    """Returns a sentence if quality was measured with different extractors, which do not compare."""
    hashes = sorted({row["extractor"] for row in rows if row["extractor"] is not None})
    measured = "the quality of these runs was measured with different extractors"
    return f"{measured}, {' and '.join(hashes)}: such numbers do not compare." if len(hashes) > 1 else ""


def kid_pairs(rows: list[dict], groups: list[str]) -> dict:
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


def quality_table(rows: list[dict], groups: list[str]) -> str:
    """Returns the Markdown table of the methods, and below it how many seeds the comparison of KID has."""
    columns = [f"{metric}/{name}" for metric in ("kid", "fid") for name in groups]
    header = ["images of", "seeds", "undecided", "right label"]
    header += [f"{metric} {name}" for metric in ("KID", "FID") for name in groups]
    lines = []
    for method in [method for method in METHOD_NAMES if of_method(rows, method)]:
        runs = of_method(rows, method)
        cells = [percent_text(runs, name) for name in ("undecided", "right_label")]
        cells += [mean_text(runs, column) for column in columns]
        lines.append([method_name(method), str(len(by_seed(runs, "n"))), *cells])
    real = [level_text(mean_interval([row[f"real_kid/{name}"] for row in rows]).mean) for name in groups]
    lines.append(["real images in their place", "-", "-", "-", *real, *["-"] * len(groups)])
    pairs = kid_pairs(rows, groups)
    return f"{table(header, lines)}\n\nSeeds in which both runs have a group to compare by KID: {len(pairs)}."


def level_text(value: float | None) -> str:
    """Returns a KID as text."""
    return NONE if value is None else f"{value:.3g}"
