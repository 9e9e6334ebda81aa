"""A report with every part of the contract filled, of made-up numbers that fit one another."""

import numpy as np

from repfair_keras.evaluation.report import report_from_dict

METRICS = ("fid", "kid", "precision", "recall", "density", "coverage")
LEVELS = {"fid": 20.0, "kid": 0.02, "precision": 0.7, "recall": 0.6, "density": 0.9, "coverage": 0.8}
REAL = {"fid": 3.1, "kid": 0.0004, "precision": 0.97, "recall": 0.96, "density": 1.01, "coverage": 0.95}


def example_report(groups=("black", "white"), classes=("cat", "dog", "ship"), seed=0, **changes):
    """Returns a report as the dict in `report.json`; `changes` replace parts of it."""
    rng = np.random.default_rng(seed)
    groups, classes, k, c = list(groups), list(classes), len(groups), len(classes)
    shares = (np.arange(k) + 4) / (np.arange(k) + 4).sum()
    uniform = np.full(k, 1 / k)
    by_class = rng.dirichlet(np.full(k, 9.0), c)
    confusion = np.full((k, k), 3) + np.diag(np.full(k, 600))
    table = rng.multinomial(930, np.full(3 * k, 1 / (3 * k))).reshape(k, 3)
    report = {
        "name": "",
        "method": "repfair",
        "dataset": "mnist_5k",
        "grouping": "invert",
        "seed": seed,
        "sample_seed": 7,
        "n": 1000,
        "n_decided": 930,
        "groups": groups,
        "target": uniform.tolist(),
        "proportions": shares.tolist(),
        "intervals": _around(shares, 0.03),
        "bounds": np.stack([0.93 * shares, 0.93 * shares + 0.07], axis=1).tolist(),
        **_distances(shares),
        "noise_floor": 0.002,
        "undecided": 0.07,
        "undecided_reasons": {"low confidence": 60, "corners": 30},
        "undecided_by_group": _dis(groups, rng.uniform(0.03, 0.1, k), 0.07, False),
        "test": {"name": "exact binomial", "statistic": 1.5, "p_value": 0.0004},
        "epsilon": {
            "distance": "kl",
            "epsilon": 0.03,
            "repeats": 20,
            "n": 1000,
            "balanced_mean": 0.002,
            "balanced_quantile": 0.004,
        },
        "corrected": {
            "proportions": (shares + 0.01 * (uniform - shares)).tolist(),
            "intervals": _around(shares, 0.05),
            **_distances(shares),
            "level": 0.99,
            "p_value": 0.0004,
            "on_target": False,
            "expected_undecided": 0.012,
            "condition": 1.08,
            "ill_conditioned": False,
            "assumption": "the classifier errs on generated images as on real ones",
        },
        "asked": _asked(k, c, rng),
        "brightness": [20] * 50,
        "classes": classes,
        "by_class": by_class.tolist(),
        "by_class_intervals": [_around(row, 0.08) for row in by_class],
        "by_class_undecided": rng.uniform(0, 0.2, c).tolist(),
        "by_class_gap": np.ptp(by_class, axis=1).tolist() if c else [],
        "by_class_kl": (by_class * np.log(by_class * k)).sum(axis=1).tolist(),
        "by_class_n": rng.integers(200, 400, c).tolist(),
        "by_class_noise_floor": [0.006] * c,
        "intersections": {
            "attribute": "stroke",
            "values": ["thin", "medium", "thick"],
            "counts": table.tolist(),
            "shares": (table / table.sum()).tolist(),
            "within": (table / table.sum(axis=1, keepdims=True)).tolist(),
            "cramers_v": 0.12,
            "p_value": 0.001,
            "undecided": 0.01,
            "accuracy": 0.93,
        },
        "classifier": {
            "accuracy": 0.99,
            "balanced_accuracy": 0.99,
            "calibration_errors": [0.01] * k,
            "candidate": "residual",
            "max_undecided": 0.05,
            "thresholds": [0.8] * k,
            "by_group": (np.diag(confusion) / confusion.sum(axis=1)).tolist(),
            "confusion": confusion.tolist(),
            "confusion_decided": (confusion - 1).tolist(),
            "undecided_real": 0.012,
            "undecided_real_by_group": [7] * k,
            "confidence": 0.9,
        },
        "rules": {
            "mean": {
                "proportions": shares.tolist(),
                "undecided": 0.0,
                "accuracy": 0.998,
                "by_group": [0.99] * k,
            }
        },
        "label_agreement": _label_agreement(groups, c, rng) if c else None,
        "quality": _quality(groups, classes, rng),
        "memorisation": {
            "n": 1000,
            "n_training": 5000,
            "training_known": True,
            "distance_ratio": 1.3,
            "nndr": 0.87,
            "nndr_real": 0.85,
            "suspects": _dis(groups, rng.uniform(0.005, 0.02, k), 0.012, False),
            "expected_suspects": 0.01,
        },
        "duplicates": 0.0,
        "warnings": [],
        "timings": {"train": 300.0, "evaluate": 20.0},
        "wall_seconds": 320.0,
    }
    return {**report, **changes}


def read_example(*arguments, **changes):
    """Returns the same as an `ImageReport`."""
    return report_from_dict(example_report(*arguments, **changes))


def empty_report():
    """Returns a report in which nothing could be known: no image decided, no classes, no quality."""
    unknown = dict.fromkeys(("gap", "l1", "kl", "tv", "fd", "chebyshev"))
    return example_report(
        classes=(),
        method=None,
        grouping=None,
        seed=None,
        sample_seed=None,
        n_decided=0,
        target=None,
        proportions=None,
        intervals=None,
        bounds=None,
        **unknown,
        noise_floor=None,
        note="Shares cannot be told: none of the 1000 images has a clear group.",
        undecided=1.0,
        undecided_by_group=_dis(["black", "white"], [None, None], 1.0, False),
        test=None,
        epsilon=None,
        corrected=None,
        intersections=None,
        rules={},
        asked=None,
        label_agreement=None,
        quality=None,
        memorisation=None,
    )


def _dis(names, values, overall, higher=True, key="by_group"):
    values = [None if value is None else float(value) for value in values]
    known = [value for value in values if value is not None]
    worst = (min if higher else max)(known) if known else None
    return {
        "overall": overall,
        key: values,
        "difference": max(known) - min(known) if len(known) > 1 else None,
        "ratio": min(known) / max(known) if len(known) > 1 else None,
        "worst": names[values.index(worst)] if known else None,
    }


def _quality(groups, classes, rng):
    def metrics(names, key):
        return {
            metric: _dis(
                names,
                LEVELS[metric] * rng.uniform(0.8, 1.3, len(names)),
                LEVELS[metric],
                metric not in ("fid", "kid"),
                key,
            )
            for metric in METRICS
        }

    def real(names, key):
        higher = {metric: metric not in ("fid", "kid") for metric in METRICS}
        return {
            metric: _dis(names, [REAL[metric] * 1.05] * len(names), REAL[metric], higher[metric], key)
            for metric in METRICS
        }

    return {
        "extractor": {"hash": "0a1b2c3d4e5f", "features": 64, "label_accuracy": 0.97, "group_accuracy": 0.99},
        "n": 1000,
        "n_by_group": 400,
        "n_by_class": 90 if classes else None,
        "notes": [],
        "overall": LEVELS,
        "real": {**REAL, "n": 900},
        "by_group": metrics(groups, "by_group"),
        "by_class": metrics(classes, "by_class") if classes else {},
        "real_by_group": real(groups, "by_group"),
        "real_by_class": real(classes, "by_class") if classes else {},
    }


def _asked(k, c, rng):
    """What a generator that is told groups of 100 images each has made of them."""
    purity = rng.uniform(0.95, 1, (k, c))
    seen = [[95 if group == other else 1 for other in range(k)] + [4] for group in range(k)]
    return {
        "n": [100] * k,
        "seen": seen,
        "undecided": [0.04] * k,
        "purity": [0.97] * k,
        "intervals": [[0.94, 0.99]] * k,
        "corrected": [0.98] * k,
        "corrected_intervals": [[0.93, 1.0]] * k,
        "purity_by_class": purity.tolist(),
        "decided_by_class": [[96 // max(c, 1)] * c] * k,
        "undecided_by_class": [[0.04] * c] * k,
        "right_label_by_class": [[0.9] * c] * k,
    }


def _label_agreement(groups, c, rng):
    return {
        **_dis(groups, rng.uniform(0.8, 0.95, len(groups)), 0.9),
        "by_class": rng.uniform(0.8, 1, c).tolist(),
        "judge_accuracy": 0.97,
        "judge_by_group": [0.97] * len(groups),
    }


def _around(shares, half):
    return np.stack([(shares - half).clip(0), (shares + half).clip(max=1)], axis=1).tolist()


def _distances(p):
    off = p - 1 / len(p)
    return {
        "gap": float(np.ptp(p)),
        "l1": float(np.abs(off).sum()),
        "kl": float((p * np.log(p * len(p))).sum()),
        "tv": float(np.abs(off).sum() / 2),
        "fd": float(np.linalg.norm(off)),
        "chebyshev": float(np.abs(off).max()),
    }
