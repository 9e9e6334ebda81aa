"""From a sample to its report: numbers, Markdown, a row of CSV and figures."""

import time
from typing import NamedTuple

import numpy as np

from repfair_keras.core.files import replacing, write_json, write_text
from repfair_keras.data.shares import parse_shares
from repfair_keras.evaluation.images.image_report import make_report
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.figures.every import save_figures
from repfair_keras.figures.image_grid import in_rows, save_grid
from repfair_keras.networks.conditions import in_turn
from repfair_keras.reporting.image_card import model_card
from repfair_keras.reporting.image_row import to_csv, to_row
from repfair_keras.reporting.markdown import to_markdown
from repfair_keras.training.callbacks import read_log
from repfair_keras.training.clipping import clips
from repfair_keras.training.latents import read_codes, read_projected


class Sample(NamedTuple):
    """Generated images and where they come from.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        labels: int32, shape `(N,)`, label each was made for; `None` without classes.
        origin: dict of `name`, `method`, `dataset`, `grouping`, `seed` and `sample_seed`, for the report.
        groups: int32, shape `(N,)`, group each was made for; `None` if the generator is told none.
    """

    images: np.ndarray
    labels: np.ndarray | None
    origin: dict
    groups: np.ndarray | None = None

    def shown(self, n):
        """Returns up to `n` images for a grid of ten columns: where groups alone are told, a row for each."""
        told = self.groups is not None and self.labels is None  # classes in turn make rows of groups already
        return self.images[in_rows(self.groups, n) if told else slice(n)]


def draw_sample(folder, config, data, n=None, seed=None, name=None):
    """Returns a `Sample` of an exported generator: labels in turn, groups in the shares of the target.

    Args:
        folder: the SavedModel's folder.
        config: resolved `Config` of its training.
        data: `ImageDataset` it was trained on.
        n, seed: number and seed of the samples; `None`: the configuration's.
        name: name in tables; `None`: the method's.
    """
    n, seed = n or config.n, config.seed if seed is None else seed
    target = parse_shares(config.target, data.group_names)
    sampler, (labels, groups) = ImageSampler(folder), in_turn(n, data.n_classes, data.n_groups, target)
    asked = labels if sampler.takes_labels else None, groups if sampler.takes_groups else None
    origin = {
        "name": name or config.method,
        "method": config.method,
        "dataset": config.dataset,
        "seed": config.seed,
        "sample_seed": seed,
    }
    generated = sampler.generate(n, seed, *asked)
    return Sample(generated.images, generated.labels, origin, generated.groups)


def sample_grid(path, folder, config, data, n):
    """Draws up to `n` samples of an exported generator, ten to a row, pixel for pixel."""
    save_grid(draw_sample(folder, config, data, n).shown(n), path, scale=1)


def evaluate(out, sample, config, standard, training=None, seconds=0.0, verbose=0, run=None):
    """Measures a sample, and writes `report.json`, `report.md`, `report.csv` and figures.

    What an earlier evaluation has written there is kept in `evaluation.1` and so on.

    Args:
        out: `RunDir` to write to; its instruments are used if there are any, else made.
        sample: `Sample`.
        config: resolved `Config`: confidence, C and where to take instruments from.
        standard: `Standard`.
        training: `ImageDataset` that the generator was trained on; `None`: not known.
        seconds: seconds of training.
        verbose: 0 silent, 1 progress bars, 2 a line each.
        run: `RunDir` that the sample's generator was trained in, if it is another.

    Returns:
        The report.
    """
    started = time.monotonic()
    others = config.instruments is not None  # which may take the place of those in the folder
    if others:
        out.keep_evaluation()
    instruments = standard.instruments(out.instruments, config.instruments, verbose)
    report, pairs = make_report(
        sample.images,
        sample.labels,
        instruments,
        training,
        standard.target,
        config.confidence,
        sample.origin["sample_seed"] or 0,
        sample.groups,
    )
    report["codes"] = read_codes(run or out)
    report = {**sample.origin, "grouping": standard.reference.grouping, **report}
    if not others:  # only now: a failed evaluation leaves nothing behind
        out.keep_evaluation()
    with replacing(out.figures) as folder:
        save_figures(
            folder,
            report=report,
            data=training or standard.reference,
            group_names=standard.reference.group_names,
            **pairs._asdict(),
            **_of_training(out, run or out, config),
        )
        save_grid(sample.shown(100), folder / "samples.png")
        figures = sorted(path.name for path in folder.glob("*.png"))
    report["timings"] = {"train": round(seconds, 1), "evaluate": round(time.monotonic() - started, 1)}
    report["wall_seconds"] = round(sum(report["timings"].values()), 1)
    write_text(out.report_md, to_markdown(report, figures))
    write_text(out.report_csv, to_csv([to_row(report)]))
    write_json(out.report, report)
    return report


def _of_training(out, run, config):
    """What figures show of a run's training: its curves, where it is in this folder, and its codes."""
    found = {"projected": read_projected(run)}
    if out.log.is_file():
        found |= {"rows": read_log(out.log), "max_grad_norm": config.max_grad_norm if clips(config) else None}
    return {name: value for name, value in found.items() if name == "max_grad_norm" or value is not None}


def evaluate_run(run, config, standard, data, seconds, n=None, seed=None, name=None, verbose=0):
    """Reports on a trained run, in its folder, and writes its model card.

    Args:
        run: `RunDir` with an exported generator.
        config: resolved `Config`.
        standard: `Standard`.
        data: `ImageDataset` that it was trained on.
        seconds: seconds of training.
        n, seed, name: see `draw_sample`.
        verbose: see `evaluate`.

    Returns:
        The report, as written to `report.json`.
    """
    sample = draw_sample(run.generator, config, data, n, seed, name)
    report = evaluate(run, sample, config, standard, data, seconds, verbose)
    write_text(run.generator / "README.md", model_card(report, config, data))
    return report
