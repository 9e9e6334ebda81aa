"""Engines of tables against public code of the same kind, on Adult: seconds, rows per second, memory.

Public code is run from clones that are named; without one, its line is left out.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WARM = 60  # steps of diffusion before those that are timed


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data_dir", help="folder with adult.data and adult.test; left out: downloaded")
    parser.add_argument("--synthpop", help="clone of github.com/hazy/synthpop, CART in Python")
    parser.add_argument("--tab_ddpm", help="clone of github.com/yandex-research/tab-ddpm; needs PyTorch")
    parser.add_argument("--dataset", default="adult", help="of ours; the public code is run on Adult")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows that are sampled at once")
    parser.add_argument("--steps", type=int, default=200, help="steps of diffusion that are timed")
    parser.add_argument("--batch_size", type=int, default=1024, help="of diffusion")
    parser.add_argument("--row", choices=list(ROWS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.row:
        print(json.dumps(ROWS[options.row](options)))
        return
    found = {}
    for row in ROWS:
        if row.startswith("peer") and getattr(options, row.removeprefix("peer_")) is None:
            continue
        found[row] = measured(row)
        print(row, found[row], flush=True)
    if "peer_synthpop" in found:
        ratio = found["peer_synthpop"]["seconds"] / found["cart"]["seconds"]
        print(f"cart, training and as many rows as the table has: {ratio:.2f} times as fast as synthpop")
    if "peer_tab_ddpm" in found:
        ratio = found["tab_ddpm"]["rows_per_second"] / found["peer_tab_ddpm"]["rows_per_second"]
        print(f"tab_ddpm, training: {ratio:.2f} times as many rows per second as the public code")
    for text, reached in targets(found, options.rows):
        print(f"target: {text}: {'reached' if reached else 'not reached'}")


def targets(found, rows):
    """Yields what should hold, and whether it does."""
    for row in ("cart", "fair_trees"):
        seconds = found[row]["seconds"]
        yield f"{row} trains and samples in 15 s: {seconds:.1f} s", seconds <= 15
    part = found["many"]
    yield f"{rows:,} rows in 60 s: {part['seconds']:.1f} s", part["seconds"] <= 60
    yield f"{rows:,} rows in 2 GB: {part['gigabytes']:.2f} GB", part["gigabytes"] <= 2
    minutes = 10_000 * 1024 / found["tab_ddpm"]["rows_per_second"] / 60
    yield f"tab_ddpm trains in 10 minutes: {minutes:.1f} minutes", minutes <= 10


def measured(row):
    """Runs a row in a process of its own, so that none has another's memory or threads."""
    command = [sys.executable, __file__, *sys.argv[1:], "--row", row]
    return json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )


def trees(method):
    """Returns a row: seconds of numbering the table, training, export, and sampling as many rows."""

    def row(options):
        from repfair_keras.sampling.sample import sample_rows

        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            sampler, n = trained(method, options, folder)
            sample_rows(sampler, n, 0)
        return {"seconds": time.monotonic() - started}

    return row


def many(options):
    """Seconds and peak memory of many rows, of a generator that is there."""
    from repfair_keras.sampling.sample import sample_rows

    with tempfile.TemporaryDirectory() as folder:
        sampler, _ = trained("cart", options, folder)
        started = time.monotonic()
        sample_rows(sampler, options.rows, 0)
        seconds = time.monotonic() - started
    return {
        "seconds": seconds,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
    }


def tab_ddpm(options):
    """Training rows per second: what more steps take, so that tracing is not timed."""
    seconds = []
    for steps in (WARM, WARM, WARM + options.steps):  # the first imports, and reads the data
        with tempfile.TemporaryDirectory() as folder:
            started = time.monotonic()
            trained("tab_ddpm", options, folder, steps=steps, batch_size=options.batch_size)
            seconds.append(time.monotonic() - started)
    return {"rows_per_second": options.steps * options.batch_size / max(seconds[2] - seconds[1], 1e-3)}


def trained(method, options, folder, **settings):
    """Trains a method on Adult; returns its `TableSampler` and the number of training rows."""
    from repfair_keras.export.table_sampler import TableSampler
    from repfair_keras.runs.config import configure
    from repfair_keras.runs.run_folder import RunDir
    from repfair_keras.training.run import export, fit, prepare

    plan = prepare(configure(method=method, dataset=options.dataset, data_dir=options.data_dir, **settings))
    run = RunDir(Path(folder) / "run")
    run.create()
    export(plan, run, fit(plan, run))
    return TableSampler(run.generator), len(plan.dataset)


def frame_of(options):
    """Returns Adult's training rows, text without missing values."""
    from repfair_keras.data.tables.loaders import adult

    return adult.load(options.data_dir).train


def peer_synthpop(options):
    """The same of hazy/synthpop: fit, and as many rows."""
    import numpy as np
    import pandas as pd

    pd.Series.iteritems = pd.Series.items  # which it calls by the name of early versions of pandas
    sys.path.insert(0, options.synthpop)
    from synthpop import Synthpop

    frame = frame_of(options)
    numeric = {name: pd.api.types.is_numeric_dtype(frame[name]) for name in frame}
    kinds = {name: "int" if numeric[name] else "category" for name in frame}
    frame = frame.astype({name: "category" for name in frame if not numeric[name]})
    np.random.seed(0)  # noqa: NPY002, its generator
    started = time.monotonic()
    model = Synthpop()
    model.fit(frame, dtypes=kinds)
    model.generate(len(frame))
    return {"seconds": time.monotonic() - started}


def peer_tab_ddpm(options):
    """Training rows per second of the public code, on as many columns of as many values."""
    import numpy as np
    import pandas as pd
    import torch

    sys.path.insert(0, options.tab_ddpm)
    from tab_ddpm.gaussian_multinomial_diffsuion import GaussianMultinomialDiffusion
    from tab_ddpm.modules import MLPDiffusion

    frame = frame_of(options)
    texts = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name]) and name != "income"]
    sizes = np.array([frame[name].nunique() for name in texts])
    n_numbers = frame.shape[1] - len(texts) - 1
    layers = {"d_layers": [256, 256, 256], "dropout": 0.0}
    network = MLPDiffusion(n_numbers + int(sizes.sum()), 2, True, layers)
    model = GaussianMultinomialDiffusion(sizes, n_numbers, network, num_timesteps=100)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.002)
    rng, n = np.random.default_rng(0), options.batch_size
    codes = np.stack([rng.integers(0, size, n) for size in sizes], axis=1)
    batch = torch.tensor(np.hstack([rng.normal(size=(n, n_numbers)), codes]), dtype=torch.float32)
    target = {"y": torch.tensor(rng.integers(0, 2, n))}
    for step in range(WARM + options.steps):
        if step == WARM:
            started = time.monotonic()
        optimizer.zero_grad()
        of_categories, of_numbers = model.mixed_loss(batch, target)
        (of_categories + of_numbers).backward()
        optimizer.step()
    return {"rows_per_second": options.steps * options.batch_size / (time.monotonic() - started)}


ROWS = {
    "cart": trees("cart"),
    "fair_trees": trees("fair_trees"),
    "many": many,
    "tab_ddpm": tab_ddpm,
    "peer_synthpop": peer_synthpop,
    "peer_tab_ddpm": peer_tab_ddpm,
}

if __name__ == "__main__":
    main()
