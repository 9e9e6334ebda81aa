"""Records of runs on a table that never were."""

import math
from copy import deepcopy

import numpy as np

from repfair_keras.papers.figure import Material
from repfair_keras.papers.fldgm.fair_rows import FAIR
from repfair_keras.runs.numbers import NUMBERS

CLASSIFIERS = ("logistic_regression", "random_forest")


def record(
    method, seed, weight=7.0, parity=0.02, ftu=0.03, accuracy=0.82, auroc=0.51, ratio=1.02, shift=0.03
):
    """A run on a table; the real rows give demographic parity .18, FTU .09 and accuracy .85."""
    draws = np.random.default_rng([seed, len(method), round(weight) if math.isfinite(weight) else 99])
    jitter = 0.001 * draws.random(4)  # seeds that are all alike show nothing

    def metrics(parity, ftu, accuracy):
        values = {"demographic_parity": parity, "ftu": ftu, "accuracy": accuracy}
        values |= {
            "auroc": 0.9,
            "positive_rate": 0.2,
            "equalised_odds": 0.1,
            "equal_opportunity": 0.1,
            "disparate_impact": 0.7,
        }
        return {name: [value, value - 0.01, value + 0.01] for name, value in values.items()}

    sides = {
        "real": metrics(0.18, 0.09, 0.85),
        "real_equal": metrics(0.18 + jitter[2], 0.09 + jitter[0], 0.85 + jitter[1]),
        "synthetic": metrics(parity + jitter[0], ftu + jitter[1], accuracy + jitter[2]),
    }
    sides["augmented"] = sides["real"]
    neighbours = dict.fromkeys(("precision", "recall", "density", "coverage"), 0.9)
    return {
        "id": f"{method}{seed}{weight}",
        "commit": "0123456789",
        "command": "python -m repfair_keras.sweep fld_adult",
        "numbers": NUMBERS,
        "log": [{"step": 10.0, "loss": 1.0}],
        "picture": None,
        "config": {
            **{"dataset": "adult", "method": method, "seed": seed, "alpha": weight, "share": None},
            **{"steps": 10, "epochs": None, "preset": "small", "max_grad_norm": 1.0, "batch_size": 512},
        },
        "data": {"source": "People.", "groups": ["Female", "Male"], "classes": [], "shares": [0.3, 0.7]},
        "report": {
            **{"name": method, "method": method, "dataset": "adult", "seed": seed, "n": 10_000},
            **{"sensitive": "sex", "target": "income", "positive": ">50K", "groups": ["Female", "Male"]},
            "downstream": {name: deepcopy(sides) for name in CLASSIFIERS},
            "group_column": {
                "real_equal": metrics(0.17, 0.0, 0.85),
                "synthetic": metrics(0.01, 0.0, accuracy),
                "shuffled": metrics(0.015, 0.001, accuracy),
            },
            "tested": {"n": 16281, "positive": 0.24, "majority": 0.76},
            "quality": {
                **{"column_similarity": 0.95, "column_similarity_real": 0.99},
                **{"pair_similarity": 0.9, "pair_similarity_real": 0.98},
                **{"neighbours": neighbours, "neighbours_real": neighbours},
            },
            "proxy": {"real": 0.3, "synthetic": 0.1},
            "privacy": {"closer_to_training": 0.5},
            "codes": {
                "leakage": {
                    "majority": 0.67,
                    "logistic_regression": {"accuracy": 0.67, "auroc": auroc - 0.02},
                    "boosted_trees": {"accuracy": 0.67, "auroc": auroc + jitter[3]},
                },
                "downstream": metrics(parity / 2 + jitter[0], 0.0, accuracy),
                "blind": metrics(parity / 4 + jitter[0], 0.0, accuracy - 0.01),
                "mean_shift": [0.01, -0.02, shift + jitter[1]],
                "n_test": [100, 200],
                "deviation_ratio": [1.0, ratio + jitter[0], 0.99],
            },
        },
    }


def comparison(**changes):
    """Three fair generators, and the plain one, which is as unfair as real rows."""
    fair = [record(method, seed, **changes) for method in FAIR for seed in range(3)]
    plain = [record("fld_wgan_gp", seed, -math.inf, parity=0.17, auroc=0.6) for seed in range(3)]
    return Material([*fair, *plain], {})


def values(auroc=0.9, closer=0.52):
    """What a report has of the values of a finely numbered table; group `rare` is copied most."""

    def learnt(auroc):
        names = ("auroc", "accuracy", "demographic_parity_ratio")
        return {name: [auroc, auroc - 0.01, auroc + 0.01] for name in names} | {"equalized_odds_ratio": None}

    def privacy(closer, copies, n):
        of_rows = {"n_half": n, "closer_to_training": [closer, closer - 0.02, closer + 0.02]}
        return of_rows | {"copies": [copies, 0.0, 0.1], "copies_held_out": [0.001, 0.0, 0.01]}

    attack = {"auroc": [0.55, 0.53, 0.57]}
    return {
        "utility": {"real": learnt(0.93), "synthetic": learnt(auroc)},
        "shapes": {"score": 0.97, "real": 0.99, "columns": {"age": 0.97}},
        "trends": {"score": 0.95, "real": 0.98, "pairs": {}},
        "copying": privacy(closer, 0.01, 500)
        | {"groups": {"common": privacy(0.5, 0.0, 450), "rare": privacy(0.8, 0.05, 50)}},
        "membership": {
            "distance": attack,
            "groups": {"common": {"distance": attack}, "rare": {"distance": None}},
        },
        "never_seen": {"age": {"unseen": 0, "outside": 0.1, "missing": 2, "examples": []}},
        "sentinels_leaked": {},
        "rules": {"a <= b": {"synthetic": 0.0, "test": 0.0}, "b <= c": {"synthetic": 0.2, "test": 0.0}},
    }
