"""Records of cells of the arena that never were."""

from repfair_keras.papers.tables.arena_data import TABLES
from repfair_keras.papers.tables.arena_protocol import PROTOCOL
from repfair_keras.papers.tables.cells import FORMAT, Cell
from repfair_keras.runs.numbers import NUMBERS


def toy_cell(
    table="adult",
    engine="real",
    sampling="as_in_the_data",
    seed=2024,
    auroc=0.9,
    dpr=0.3,
    eor=0.2,
    classifiers=("gradient_boosting", "catboost"),
    rows=None,
    fingerprint="0123456789abcdef",
):
    """A record; HistGradientBoosting is .01 below CatBoost in each metric."""
    sensitive = TABLES[table].sensitive
    rows = TABLES[table].n_published if rows is None else rows

    def asked(less):
        return {
            "auroc": auroc - less,
            "dpr": dict.fromkeys(sensitive, None if dpr is None else dpr - less),
            "eor": dict.fromkeys(sensitive, None if eor is None else eor - less),
        }

    less = {"gradient_boosting": 0.01, "catboost": 0.0}
    return {
        "format": FORMAT,
        "protocol": PROTOCOL,
        "numbers": NUMBERS,
        "id": Cell(table, engine, sampling, seed).id,
        **{"table": table, "engine": engine, "sampling": sampling, "seed": seed},
        "commit": "0123456789" * 4,
        "command": "python -m repfair_keras.reproduce tables_arena --run",
        "data": {"rows": rows, "train": rows // 2, "test": rows // 4, "fingerprint": fingerprint},
        "measured": {
            "classifiers": {name: asked(less[name]) for name in classifiers},
            **{"shape": 0.95, "trend": 0.9, "copies": 0.01, "copies_held_out": 0.02},
        },
        **{"seconds": 100.0, "seconds_measuring": 20.0},
    }


def toy_seeds(aurocs=(0.9, 0.91, 0.92), **settings):
    """Records of three seeds."""
    return [toy_cell(seed=2024 + place, auroc=auroc, **settings) for place, auroc in enumerate(aurocs)]
