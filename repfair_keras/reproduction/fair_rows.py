"""A row per run of FLDGM: what classifiers learn from a table's rows, and what codes tell of the group."""

import math

from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.reproduction.runs import identity, of_method

PLAIN = "vae_wgan_gp"  # FLD-WGAN-GP without the penalty: no codes are made fair
FAIR = ("fld_wgan_gp", "fld_lsgan", "fld_dm")
CLASSIFIERS = {"logistic_regression": "lr", "random_forest": "rf"}
METRICS = ("accuracy", "auroc", "demographic_parity", "ftu", "equalised_odds")


def variant(config):
    """Returns a method's name, or that of its kind without the penalty, by a record's settings."""
    return PLAIN if config["alpha"] == -math.inf else config["method"]


def fair_rows(records):
    """Returns a row per run on a table, a line of the CSV and what the drawings take.

    Args:
        records: see `experiments.records`.

    Returns:
        list of dicts of `identity` (`method` as in `variant`), `alpha`; per metric and classifier (`lr`,
        `rf`) `<metric>/<classifier>` after training on synthetic rows, `real_<metric>/<classifier>` on real
        ones, both tested on real ones; `similarity` (of columns) and `pair_similarity` with `real_...` of
        training rows in their place; `closer_to_training`; `leak`, see `leak`.
    """
    return [_row(record) for record in records]


def _row(record):
    report, config = record["report"], record["config"]
    row = {**identity(record), "method": variant(config), "alpha": config["alpha"]}
    for name, short in CLASSIFIERS.items():
        for prefix, side in (("", "synthetic"), ("real_", "real")):
            found = report["downstream"][name][side]
            row |= {f"{prefix}{metric}/{short}": found[metric] and found[metric][0] for metric in METRICS}
    quality = report["quality"]
    for column, key in (("similarity", "column_similarity"), ("pair_similarity", "pair_similarity")):
        row |= {column: quality[key], f"real_{column}": quality[f"{key}_real"]}
    row["closer_to_training"] = report["privacy"]["closer_to_training"]
    return {**row, "leak": leak(report)}


def leak(report):
    """Returns the larger AUROC of two classifiers that tell the group from a code; `None` without codes."""
    if not report.get("codes"):
        return None
    found = report["codes"]["leakage"]
    return max(each["auroc"] for name, each in found.items() if name != "majority")


def against_real(rows, method, column):
    """Returns the interval over seeds of a column minus what real rows reach in their place."""
    mine = of_method(rows, method)
    pairs = [(row[column], row[f"real_{column}"]) for row in mine]
    return mean_interval([a - b for a, b in pairs if None not in (a, b)], low=-1, high=1)
