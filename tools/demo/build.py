"""Makes what the demo page shows of finished runs: three generators as ONNX, rows of a table, and what they are.

    python tools/demo/build.py --plain RUN --repfair RUN --modern RUN --table RUN

The runs of images are of MNIST, half of each class inverted (`--grouping invert`); that of the table of Adult, by an
engine that is told the sex and the target (`--method cart --grouping sex`). Needs the extra `[onnx]`.
"""

import argparse
import json
from pathlib import Path

import numpy as np

DEMO = Path(__file__).resolve().parents[2] / "docs" / "demo"
TITLES = {
    "plain": "Plain GAN",
    "repfair": "RepFair-GAN, C = 2",
    "modern": "Modern GAN, told the group",
}
LARGE = 256  # weights of a tensor that is stored in half precision
TOLERANCE = 0.05  # of a pixel in [-1, 1]
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
    halve(folder / f"{name}.onnx")
    latent = next(each.shape[-1] for each in model.inputs if each.name == "z")
    return {"title": TITLES[name], "file": f"{name}.onnx", "latent": latent, **origin(run)}


def halve(path):
    """Stores the weights of an ONNX model in half precision, half the bytes; it still computes in single precision."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(path)
    kept, casts = [], []
    for weights in model.graph.initializer:
        values = numpy_helper.to_array(weights)
        if values.dtype == np.float32 and values.size >= LARGE:
            half = f"{weights.name}/half"
            casts.append(helper.make_node("Cast", [half], [weights.name], to=TensorProto.FLOAT))
            weights = numpy_helper.from_array(values.astype(np.float16), half)
        kept.append(weights)
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    before = images_of(path)
    onnx.save(model, path)
    apart = float(np.abs(images_of(path) - before).max())
    assert apart < TOLERANCE, f"{path.name}: a pixel is {apart:.2g} from what it was"


def images_of(path):
    """Returns some images that an ONNX model makes."""
    import onnxruntime

    session, rng = onnxruntime.InferenceSession(path), np.random.default_rng(0)
    told = {"label": np.arange(20, dtype=np.int32) % 10, "group": np.arange(20, dtype=np.int32) % 2}
    inputs = {
        each.name: told[each.name]
        if each.name in told
        else rng.normal(size=(20, each.shape[1])).astype(np.float32)
        for each in session.get_inputs()
    }
    return session.run(None, inputs)[0]


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
