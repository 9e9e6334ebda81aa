"""From an exported generator to its report: classifiers, samples, numbers, figures, model card."""

import dataclasses
import shutil
import time
from pathlib import Path

import numpy as np

from repfair_keras.evaluation.classifier import Classifier, attribute_classifier, label_classifier
from repfair_keras.evaluation.predictors import fit_rules
from repfair_keras.evaluation.report import make_report
from repfair_keras.experiments.callbacks import read_log
from repfair_keras.experiments.clipping import clips
from repfair_keras.experiments.model_card import model_card
from repfair_keras.experiments.rundir import RunDir
from repfair_keras.export import METADATA, Sampler, export_generator
from repfair_keras.figures.every import save_figures
from repfair_keras.figures.image_grid import save_grid
from repfair_keras.files import replacing, write_json, write_text
from repfair_keras.networks.thin_conv import with_plain_layers


def export_run(generator, config, run, data, step):
    """Writes a run's generator as `.keras` and as SavedModel with what its evaluation elsewhere needs."""
    with replacing(run.generator_keras) as temporary:
        with_plain_layers(generator).save(temporary)
    metadata = {
        "config": dataclasses.replace(config, data_dir=None).to_yaml(),  # YAML can spell infinity
        "steps": step,
        "source": data.source,
        "groups": list(data.group_names),
        "class_names": list(data.class_names),
        "image_shape": list(data.image_shape),
        "latent_size": config.latent_size,
    }
    with replacing(run.generator) as temporary:
        export_generator(generator, temporary, data.n_classes)
        write_json(temporary / METADATA, metadata)


def evaluate_run(config, run, data, seconds, n=None, seed=None):
    """Reports on a trained run, in its folder.

    Args:
        config: resolved `Config`.
        run: `RunDir` with an exported generator.
        data: `GroupedData` that it was trained on.
        seconds: seconds of training.
        n: number of samples; `None`: the configuration's.
        seed: seed of the samples; `None`: the configuration's.

    Returns:
        The report, as written to `report.json`.
    """
    report = evaluate(run, run.generator, config, data, seconds, n, seed)
    write_text(run.generator / "README.md", model_card(report, config, data))
    return report


def evaluate(out, folder, config, data, seconds, n=None, seed=None):
    """Samples an exported generator, and writes `report.json` and figures.

    Args:
        out: `RunDir` to write to; its `classifiers` are used if there are any, else trained.
        folder: the SavedModel's folder.
        config, data, seconds, n, seed: as in `evaluate_run`.

    Returns:
        The report.
    """
    started = time.monotonic()
    n, seed = n or config.n, config.seed if seed is None else seed
    attribute = cached(out.classifiers / "attribute", lambda: attribute_classifier(data, config.seed))
    judge = None
    if data.n_classes:
        judge = cached(out.classifiers / "label", lambda: label_classifier(data, config.seed))
    labels = np.arange(n, dtype=np.int32) % data.n_classes if data.n_classes else None
    images, labels = Sampler(folder).sample(n, seed, labels)
    report = {
        "method": config.method,
        "dataset": config.dataset,
        "seed": config.seed,
        "sample_seed": seed,
        **make_report(images, labels, data, attribute, judge, fit_rules(data), config.confidence),
    }
    report["timings"] = {"train": round(seconds, 1), "evaluate": round(time.monotonic() - started, 1)}
    report["wall_seconds"] = round(sum(report["timings"].values()), 1)
    keep_previous(out.report)
    write_json(out.report, report)
    logged = {"rows": read_log(out.log)} if out.log.is_file() else {}
    bound = config.max_grad_norm if clips(config) else None
    names = data.group_names
    save_figures(out.figures, report=report, data=data, group_names=names, max_grad_norm=bound, **logged)
    save_grid(images[:100], out.figures / "samples.png")
    return report


def cached(folder, train):
    """Returns the classifier saved in `folder`, or trains one and saves it there."""
    if (folder / "classifier.json").is_file():
        return Classifier.load(folder)
    classifier = train()
    classifier.save(folder)
    return classifier


def keep_previous(path):
    """Copies an earlier report to `report.1.json`, `report.2.json` and so on: none is lost."""
    if path.exists():
        number = 1
        while (previous := path.with_suffix(f".{number}{path.suffix}")).exists():
            number += 1
        shutil.copy2(path, previous)


def evaluation_folder(out, folder):
    """Returns the new folder for the evaluation of an export: `out`, or `<folder>-evaluation`."""
    folder = Path(folder)
    run = RunDir(out or folder.with_name(folder.name + "-evaluation"))
    run.create()
    return run
