"""Makes what the demo page shows of finished runs: three generators as ONNX, rows of a table, and what they are.

    python tools/demo/build.py --plain RUN --repfair RUN --modern RUN --table RUN

The runs of images are of MNIST, half of each class inverted (`--grouping invert`); that of the table of Adult, by an
engine that is told the sex and the target (`--method cart --grouping sex`). Needs the extra `[onnx]`.
"""

import argparse
import json
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "docs" / "demo"
TITLES = {
    "plain": "Plain GAN",
    "repfair": "RepFair-GAN, C = 2",
    "modern": "Modern GAN, told the group",
}
ROWS = 1000  # of each sex and income
COLUMNS = ("age", "workclass", "education", "marital-status", "occupation", "hours-per-week", "sex", "income")
LICENCES = {
    "images": "Trained on MNIST (Yann LeCun, Corinna Cortes; CC BY-SA 3.0).",
    "rows": "Made by a generator of Adult (Becker and Kohavi 1996, UCI; CC BY 4.0); no row is a person.",
    "runtime": "ONNX Runtime Web 1.22.0, Copyright (c) Microsoft Corporation, MIT License.",
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in (*TITLES, "table"):
        parser.add_argument(f"--{name}", required=True, type=Path, help="folder of a finished run")
    options = parser.parse_args()
    folder = DEMO / "models"
    folder.mkdir(exist_ok=True)
    about = {"generators": [generator(getattr(options, name), name, folder) for name in TITLES]}
    about |= {"table": table(options.table, folder / "rows.json"), "licences": LICENCES}
    (folder / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file())
    print(f"{DEMO}: {size / 1e6:.2f} MB in all, of at most 6")


def generator(run, name, folder):
    """Writes a run's generator as ONNX; returns what the page says of it."""
    from repfair_keras.export.portable import export_portable, load_generator

    model = load_generator(run)
    export_portable(model, folder / f"{name}.onnx")
    latent = next(each.shape[-1] for each in model.inputs if each.name == "z")
    return {"title": TITLES[name], "file": f"{name}.onnx", "latent": latent, **origin(run)}


def table(run, path):
    """Writes rows of each sex and income, as the generator makes them; returns what the page says of it."""
    import repfair_keras as rf

    trained = rf.load_run(run)
    frame = trained.sample(4 * ROWS, seed=0, independent="sex", shares="uniform", target_shares="uniform")
    cells = [
        {"sex": sex, "income": income, "rows": part[list(COLUMNS)].values.tolist()}
        for (sex, income), part in frame.groupby(["sex", "income"])
    ]
    assert [len(cell["rows"]) for cell in cells] == [ROWS] * 4
    stored = {
        "columns": COLUMNS,
        "positive": trained.report.positive,
        "high": positive_shares(trained.report),
        "cells": cells,
    }
    path.write_text(json.dumps(stored, separators=(",", ":"), allow_nan=False), encoding="utf-8")
    return origin(run)


def positive_shares(report):
    """Returns the share of the positive target of each group in the real rows."""
    return dict(zip(report.groups, report.positive_by_group["real"], strict=True))


def origin(run):
    """Returns what trained a run."""
    from repfair_keras.runs.run_folder import RunDir
    from repfair_keras.runs.stored import stored_run

    _, config = stored_run(RunDir(run).path)
    versions = json.loads((Path(run) / "versions.json").read_text("utf-8"))
    settings = {
        "method": config.method.name,
        "dataset": config.data.dataset,
        "grouping": json.loads((Path(run) / "report.json").read_text("utf-8"))["grouping"],
    }
    settings |= {"preset": config.training.preset, "seed": config.training.seed}
    return {**settings, "commit": versions.get("commit"), "version": versions.get("repfair_keras")}


if __name__ == "__main__":
    main()
