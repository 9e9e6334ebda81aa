"""What a registration measures of a run: of the generator of the last step, or of the average of its weights."""

from repfair_keras.metrics.over_training import late_mean
from repfair_keras.papers.corrected_shares import without_errors
from repfair_keras.runs.log import RAW

LOST_BELOW = (0.05, 0.1, 0.15)  # shares of the images; the middle one decides
EQUAL_BELOW = (0.05, 0.1, 0.15)  # gaps within classes that count as none, beside one another


def endpoints(
    record: dict, average: bool = False, across: str | None = None, last_alone: bool = False
) -> dict:
    """Returns what is measured of a run.

    Args:
        record: see `sweeps.records`.
        average: whether of the average of the generator's weights, where there is one.
        across: name of a setting whose value stands beside it, as `across`.
        last_alone: whether gaps are those of the last checkpoint, and not means over the second half of training.

    Returns:
        dict of, in [0, 1]: `share`, the smallest group's, at the end of training, of the images whose group is clear,
        corrected for the classifier's errors; `second`, that of the second group; `share_low` and `share_high`, the
        smallest share if all undecided images were of other groups, or of it; `lost` (whether `share` is below a
        tenth, or no image is clear); `undecided` and `right_label` at the end; `class_gap`, the mean over the
        checkpoints of the second half of training of the mean over the classes of the gap within each, as counted;
        `gap`, the same of the gap over all images; `fid` at the end; `clipped`, the share of real steps that were
        clipped in the second half; `agree`, how often the classifier and the most similar real images find the same
        group, of the generator that is exported; `across`. `None` where it was not measured.
    """
    log, names = record["log"], record["data"]["groups"]
    two = any(column.startswith(RAW) for row in log for column in row)
    prefix = "" if average or not two else RAW
    last = max((row for row in log if f"{prefix}undecided" in row), key=lambda row: row["step"], default={})
    late = [last] if last_alone and last else log
    counted = [last.get(f"{prefix}share/{name}") for name in names]
    undecided = last.get(f"{prefix}undecided")
    shares = without_errors(counted, record["report"]["classifier"])
    smallest = None if shares is None else min(shares)
    low, high = _bounds(smallest, undecided)
    return {
        "share": smallest,
        "second": None if shares is None else shares[1],
        "share_low": low,
        "share_high": high,
        "lost": (undecided == 1 or None) if smallest is None else smallest < LOST_BELOW[1],
        "undecided": undecided,
        "class_gap": late_mean(late, f"{prefix}class_gap"),
        "gap": late_gap(late, prefix, names),
        "right_label": last.get(f"{prefix}right_label"),
        "fid": last.get(f"{prefix}fid"),
        "clipped": _mean([late_mean(log, f"clip_fraction/{name}") for name in names]),
        "agree": (record["report"].get("nearest_real") or {}).get("agreement"),
        "across": record["config"].get(across),
    }


def _mean(values):
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _bounds(smallest, undecided):
    """The smallest share there can be of all images, and the largest that the smallest group can have."""
    if undecided is None or smallest is None:
        return None, None
    return smallest * (1 - undecided), smallest * (1 - undecided) + undecided


def late_gap(log: list[dict], prefix: str, names: list[str]) -> float | None:
    """Returns the mean over late checkpoints of the largest minus the smallest share; `None` if there is none."""
    rows = []
    for row in log:
        shares = [row.get(f"{prefix}share/{name}") for name in names]
        if None not in shares:
            rows.append({"step": row["step"], "gap": max(shares) - min(shares)})
    return late_mean(rows, "gap") if rows else None
