"""A row per run of FLDGM: what classifiers learn from a table's rows, and what latents tell of the group."""

import math

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.figures.names import method_name
from repfair_keras.metrics.intervals import Interval, mean_interval
from repfair_keras.papers.run_rows import identity, of_method

PLAIN = "vae_wgan_gp"  # FLD-WGAN-GP without the penalty: its latents are not made fair
CLOSE = 0.55  # AUROC below which latents tell the group hardly better than chance
LOST = 0.05  # of accuracy, which "does not cost accuracy" allows
FAIR = ("fld_wgan_gp", "fld_lsgan", "fld_dm")


def variant(config: dict) -> str:
    """Returns a method's name, or that of its kind without the penalty, by a record's settings.

    Examples:
        >>> variant({"method": "fld_wgan_gp", "alpha": -math.inf})
        'vae_wgan_gp'
    """
    return PLAIN if config["alpha"] == -math.inf else config["method"]


def fair_rows(records: list[dict]) -> list[dict]:
    """Returns a row per run on a table, a line of the CSV and what the plots take.

    Args:
        records: see `sweeps.records`.

    Returns:
        list of dicts of what `reporting.table_row.to_row` has, `identity` (`method` as in `variant`) and
        `alpha`.
    """
    return [
        {
            **report_from_dict(record["report"]).to_row(),
            **identity(record),
            "method": variant(record["config"]),
            "alpha": record["config"]["alpha"],
        }
        for record in records
    ]


def first_pictures(records: list[dict], methods) -> dict:
    """Returns the picture that was kept of each method's first seed: dict of name in text to path.

    Args:
        records: see `sweeps.records`.
        methods: names as `variant` gives them, in the order of the result.
    """
    picture_of = {}
    for record in sorted(records, key=lambda record: record["config"]["seed"]):
        if record["picture"]:
            picture_of.setdefault(variant(record["config"]), record["picture"])
    return {method_name(name): picture_of[name] for name in methods if name in picture_of}


def leak_interval(rows: list[dict], method: str) -> Interval:
    """Returns the interval over seeds of what a method's latents tell of the group, an AUROC."""
    return mean_interval([row["leak"] for row in of_method(rows, method)], low=0, high=1)


def against_real(rows: list[dict], method: str, column: str) -> Interval:
    """Returns the interval over seeds of a column minus what real rows reach in their place."""
    pairs = [(row[column], row[f"real_{column}"]) for row in of_method(rows, method)]
    return mean_interval([ours - real for ours, real in pairs if None not in (ours, real)], low=-1, high=1)
