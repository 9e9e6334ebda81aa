"""From a sample to its report: numbers, Markdown, a row of CSV and figures."""

import dataclasses
import time
from typing import Any, NamedTuple

import numpy as np

from repfair_keras.core.files import write_text
from repfair_keras.data.images.generated import generated_images, generated_names, load_generated
from repfair_keras.data.shares import parse_shares
from repfair_keras.evaluation.chosen_rows import chosen_rows, origin_of
from repfair_keras.evaluation.images.image_report import make_report
from repfair_keras.evaluation.images.instruments import with_judges
from repfair_keras.evaluation.report import with_timings
from repfair_keras.evaluation.run_latents import read_latents, read_projected
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.figures import assigned
from repfair_keras.figures.context import FigureContext
from repfair_keras.figures.every import save_figures
from repfair_keras.figures.image_grid import in_rows, save_grid
from repfair_keras.figures.save import save_figure
from repfair_keras.methods.settings import bound_of
from repfair_keras.modalities.image_instruments import instruments_of
from repfair_keras.networks.conditions import in_turn
from repfair_keras.reporting.image_card import model_card
from repfair_keras.reporting.markdown import to_markdown
from repfair_keras.reporting.write_report import write_report
from repfair_keras.runs.log import read_log

SHOWN = 500  # of which some of each group are shown


class Sample(NamedTuple):
    """Generated images and where they come from.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`, or `StoredImages`.
        labels: int32, shape `(N,)`, label each was made for; `None` without classes.
        origin: dict of `name`, `method`, `dataset`, `grouping`, `seed` and `sample_seed`, for the report.
        groups: int32, shape `(N,)`, group each was made for; `None` if the generator is told none.
        predicted: `PredictedAttribute`, groups that somebody else's classifier sees; `None`: ours is asked.
        features: `FileFeatures`, made elsewhere; `None`: made here.
    """

    images: np.ndarray
    labels: np.ndarray | None
    origin: dict
    groups: np.ndarray | None = None
    predicted: Any = None
    features: Any = None

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
    n, seed = n or config.evaluation.n, config.training.seed if seed is None else seed
    target = parse_shares(config.evaluation.target, data.group_names)
    sampler, (labels, groups) = ImageSampler(folder), in_turn(n, data.n_classes, data.n_groups, target)
    asked = labels if sampler.takes_labels else None, groups if sampler.takes_groups else None
    origin = {
        "name": name or config.method.name,
        "method": config.method.name,
        "dataset": config.data.dataset,
        "seed": config.training.seed,
        "sample_seed": seed,
    }
    generated = sampler.generate(n, seed, *asked)
    return Sample(generated.images, generated.labels, origin, generated.groups)


def read_sample(path, reference, n=None, seed=0, name=None, elsewhere=None):
    """Returns the `Sample` of images that any program generated, see `data.images.generated`.

    Args:
        path: `.npz` file, or folder of images.
        reference: `ImageReference`.
        n: number of images, drawn at random; `None`: all.
        seed: seed of that choice.
        name: name in tables; `None`: that of the file or folder.
        elsewhere: `made_elsewhere.MadeElsewhere`; `None` without.

    Raises:
        InputError: if they cannot be read, or there are fewer than n.
    """
    resolved = path.resolve()
    name = name or (resolved.stem if resolved.suffix == ".npz" else resolved.name)
    found = *load_generated(path, reference.dataset), reference, n, seed, name, path
    return _some_of(*found, elsewhere, None if elsewhere is None else generated_names(path))


def take_sample(images, labels, reference, n=None, seed=0, name="samples", elsewhere=None):
    """Returns the `Sample` of images in memory; arguments as in `read_sample`, labels shape `(N,)` or `None`."""
    floats, codes = generated_images(images, labels, reference.dataset, "samples")
    return _some_of(floats, codes, reference, n, seed, name, "the array", elsewhere)


def _some_of(images, labels, reference, n, seed, name, source, elsewhere=None, names=None):
    rows = chosen_rows(len(images), n, seed, source, "images")
    origin, found = origin_of(name, reference.dataset, seed), (None, None)
    if elsewhere is not None:
        found = elsewhere.of(rows, len(images) if names is None else names, source, reference.dataset)
    return Sample(images.chosen(rows), None if labels is None else labels[rows], origin, None, *found)


def sample_grid(path, folder, config, data, n):
    """Draws up to `n` samples of an exported generator, ten to a row, pixel for pixel."""
    save_grid(draw_sample(folder, config, data, n).shown(n), path, scale=1)


def evaluate(
    out, sample, config, reference, training=None, seconds=0.0, verbose=0, run=None, instruments=None
):
    """Measures a sample, and writes the files of a report and figures.

    What an earlier evaluation has written there is kept in `evaluation.1` and so on.

    Args:
        out: `RunDir` to write to; its instruments are used if there are any, else made.
        sample: `Sample`.
        config: resolved `Config`: which images are clear, C and where to take instruments from.
        reference: `ImageReference`.
        training: `ImageDataset` that the generator was trained on; `None`: not known.
        seconds: seconds of training.
        verbose: 0 silent, 1 progress bars, 2 a line each.
        run: `RunDir` that the sample's generator was trained in, if it is another.
        instruments: `Instruments` that lie in `out` already; `None`: they are loaded or made.

    Returns:
        The `ImageReport`.
    """
    started = time.monotonic()
    source = config.evaluation.instruments
    others = source is not None and instruments is None  # which may take the place of those in the folder
    if others:
        out.keep_evaluation()
    if instruments is None:
        elsewhere = sample.predicted, sample.features
        instruments = instruments_of(out.instruments, reference, config.evaluation, verbose, *elsewhere)
    if config.evaluation.judges > 1:
        more = config.evaluation.judges, source, verbose, config.evaluation.instrument_steps
        instruments = with_judges(instruments, out.instruments, *more)
    report, pairs, groups = make_report(
        sample.images,
        sample.labels,
        instruments,
        training,
        reference.target,
        config.evaluation.decision,
        sample.origin["sample_seed"] or 0,
        sample.groups,
    )
    latents = read_latents(run or out)
    report = dataclasses.replace(
        report, **sample.origin, grouping=reference.dataset.grouping, latents=latents
    )
    with out.new_evaluation() as made:  # only now: a failed evaluation leaves nothing behind
        context = FigureContext(
            report=report,
            dataset=training or reference.dataset,
            group_names=reference.dataset.group_names,
            nearest_pairs=pairs,
            projected=read_projected(run or out),
            **_training_log(out, config),
        )
        save_figures(made.figures, context, only=None if config.evaluation.figures else ())
        save_grid(sample.shown(100), made.figures / "samples.png")
        if config.evaluation.figures:
            n = len(sample.images)
            some = np.unique(np.linspace(0, n - 1, min(n, SHOWN)).astype(int))  # of all of it
            shown = assigned.plot(sample.images[some], groups[some], reference.dataset.group_names)
            save_figure(shown, made.figures / "assigned.png")
        figures = sorted(path.name for path in made.figures.glob("*.png"))
        report = with_timings(report, seconds, started)
        write_report(made, report, to_markdown(report, figures))
    return report


def _training_log(out, config):
    """What figures show of a run's training, where it is in this folder: its log, and the bound C."""
    if not out.log.is_file():
        return {}
    return {"log": read_log(out.log), "max_grad_norm": bound_of(config.settings)}


def evaluate_run(
    run, config, reference, data, seconds, n=None, seed=None, name=None, verbose=0, instruments=None
):
    """Reports on a trained run, in its folder, and writes its model card.

    Args:
        run: `RunDir` with an exported generator.
        config: resolved `Config`.
        reference: `ImageReference`.
        data: `ImageDataset` that it was trained on.
        seconds: seconds of training.
        n, seed, name: see `draw_sample`.
        verbose, instruments: see `evaluate`.

    Returns:
        The `ImageReport`, as written to `report.json`.
    """
    sample = draw_sample(run.generator, config, data, n, seed, name)
    report = evaluate(run, sample, config, reference, data, seconds, verbose, instruments=instruments)
    write_text(run.generator / "README.md", model_card(report, config, data))
    return report
