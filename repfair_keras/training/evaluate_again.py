"""Evaluating a run once more, an exported generator, or samples that any program generated."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml

from repfair_keras.core.errors import InputError, SettingsError
from repfair_keras.core.files import make_folder
from repfair_keras.core.garbage import leaving_nothing
from repfair_keras.core.locks import claimed, locked
from repfair_keras.core.settings import Expected, Samples, Seed, Words, plain, settings_in, shown
from repfair_keras.core.yaml_text import load_yaml
from repfair_keras.evaluation.made_elsewhere import MadeElsewhere
from repfair_keras.registry import IMAGES, imported_methods, lookup, modality_name, names
from repfair_keras.runs.config import config_from_dict, configure, every_setting
from repfair_keras.runs.run_folder import EXPORT_METADATA, RunDir
from repfair_keras.runs.stored import check_same_data, stored_run
from repfair_keras.training.run import measure, prepare

Table = Annotated[Any, Expected("a CSV, or a DataFrame")]
Features = Annotated[Any, Expected("two files, or two arrays: of real and of generated images"), Words(2)]


@dataclass(frozen=True)
class SampleSettings:
    """Which samples are measured. Nulls are as in the run, or as `repfair_keras.train` has them.

    Args:
        n: number of samples; of somebody else's: n of them, at random; null: as when it was trained, or all.
        seed: seed of the samples, and of every choice of them; null: as when it was trained, or 0.
        name: name in tables; null: the method's, or that of the file or folder.
        predictions: CSV of somebody else's classifier, a row per image, with its group or a probability of each.
        validation: CSV of its predictions on real images, with a column true, which say how often it is wrong.
        confusion: in the place of validation: CSV of its confusion counts on real images.
        features: two files of features made elsewhere, of the real and of the generated images, in their order.
    """

    n: Samples | None = None
    seed: Seed | None = None
    name: str | None = None
    predictions: Table = None
    validation: Table = None
    confusion: Table = None
    features: Features = None

    @property
    def elsewhere(self):
        """`MadeElsewhere` of images; `None` where nothing was."""
        found = MadeElsewhere(self.predictions, self.validation, self.confusion, self.features)
        return None if all(part is None for part in found) else found


@leaving_nothing()
def evaluate_again(model, settings=None, out=None, verbose=0, raw=None):
    """Evaluates a run, an export, or samples.

    Args:
        model: folder of a run, or of an exported generator; an `.npz` file or a folder of images; or a `.csv` file
            of synthetic rows.
        settings: dict of `SampleSettings`, and of settings of the data and the evaluation, as `repfair_keras.train`
            has them; for a run or an export, those of the data but `data_dir` are its own. `None`: the run's own.
        out: new folder for the report; `None`: the run's own, where an earlier report is kept, or
            `<model>-evaluation`.
        verbose: 0 silent, 1 progress bars, 2 a line each.
        raw: `RawImages` or `RawTable` in memory, the real data; `None`: as the settings say.

    Returns:
        `(RunDir, report)`: where it was written, and the report.

    Raises:
        InputError: if the model is none of these, the run is not finished, or a setting does not fit.
    """
    given = {name: value for name, value in (settings or {}).items() if value is not None}
    own = MadeElsewhere._fields  # may be data frames and arrays
    given = {name: value if name in own else plain(value) for name, value in given.items()}
    sample, given = split_sample_settings(given)
    path = Path(model)
    if sample.elsewhere is not None and (
        RunDir(path).config.is_file() or (path / "saved_model.pb").is_file()
    ):
        raise InputError(
            f"predictions and features are of images, but {path} is a generator: draw some (python -m "
            f"repfair_keras.sample {path} --out drawn), and evaluate these."
        )
    if RunDir(path).config.is_file():
        _check_own_data(given, f"the run {path}")
        return _evaluate_run(path, given, sample, out, verbose, raw)
    if (path / "saved_model.pb").is_file():
        _check_own_data(given, f"the model {path}")
        config = _config_of_export(path).replace(**given)
        return _evaluate_export(path, config, sample, out or beside(path), 0.0, verbose, raw=raw)
    return _evaluate_samples(path, given, sample, out, verbose, raw)


def split_sample_settings(given):
    """Parts what says which samples from the other settings; both are checked."""
    own = settings_in(SampleSettings)
    known = {**every_setting(), **own}
    problems = [(name, known[name].problem(value)) for name, value in given.items() if name in known]
    problems = [(name, text) for name, text in problems if text]
    if problems:
        raise SettingsError(problems)
    sample = SampleSettings(**{name: value for name, value in given.items() if name in own})
    return sample, {name: value for name, value in given.items() if name not in own}


def _check_own_data(given, owner):
    """Raises `InputError` for data named for a model that knows its own."""
    data = {
        name for kind in names("modality") for name in settings_in(lookup("modality", kind).data_settings)
    }
    problems = [
        (name, f"{name} is {shown(value)}, but {owner} knows the data it was trained on. Leave it out.")
        for name, value in given.items()
        if name in data - {"data_dir"}
    ]
    if problems:
        raise SettingsError(problems)


def _evaluate_run(path, given, sample, out, verbose, raw):
    run, config = stored_run(path)
    run.check_finished()
    config, others = config.replace(**given), "instruments" in given
    if out is not None:
        if not others and run.instruments.is_dir() and hasattr(config.evaluation, "instruments"):
            config = config.replace(instruments=str(run.instruments))
        return _evaluate_export(run.generator, config, sample, out, run.seconds(), verbose, run, raw)
    if not others and hasattr(config.evaluation, "instruments"):
        config = config.replace(instruments=None)  # those in its own folder
    with locked(run.path):
        run.clear_up()
        plan = prepare(config, raw)
        check_same_data(run, plan.dataset)
        choice = sample.n, sample.seed, sample.name
        return run, measure(plan, run, run.seconds(), choice, verbose)


def _evaluate_export(folder, config, sample, out, seconds, verbose, run=None, raw=None):
    with claimed(out):
        place = new_folder(out)
        plan = prepare(config, raw)
        choice = sample.n, sample.seed, sample.name
        samples = config.modality.draw(folder, config, plan.dataset, *choice)
        make_folder(place.path)
        return place, config.modality.evaluate(place, samples, plan, seconds, verbose, run)


def _config_of_export(folder):
    """Returns the `Config` of an export's training."""
    path = folder / EXPORT_METADATA
    try:
        stored = json.loads(path.read_text("utf-8"))["config"]
        return config_from_dict(load_yaml(stored), unread="drop")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{folder} holds no {EXPORT_METADATA} that says which data and groups to compare with. Draw samples "
            "from it, and evaluate those: a folder, an .npz with an array `images`, or a .csv."
        ) from error


def _evaluate_samples(path, given, sample, out, verbose, raw):
    place = beside(path)
    written = [Path(path) / name for name in ("samples.csv", "samples.npz")]  # of `repfair_keras.sample`
    path = next((file for file in written if file.is_file()), path)
    modality = _modality_of_samples(path)
    if raw is None and "dataset" not in given:
        raise InputError(
            f"{path} holds {modality.rows}: name the real data to compare them with, as in repfair_keras.train: "
            f"{modality.example}."
        )
    if "dataset" in given and modality_name(given["dataset"]) != modality.name:
        other = lookup("modality", modality_name(given["dataset"])).kind
        raise InputError(
            f"dataset is {given['dataset']!r}, which {other}, but {path} holds {modality.rows}: name data of the same "
            "kind."
        )
    config = evaluation_config(given, modality)
    check_elsewhere(sample, config)
    plan = Evaluated(config, config.modality.reference(config, raw))
    which = sample.n, sample.seed or 0, sample.name, sample.elsewhere
    samples = config.modality.read_samples(path, plan.reference, *which)
    with claimed(out or place):
        folder = new_folder(out or place)
        make_folder(folder.path)
        return folder, config.modality.evaluate(folder, samples, plan, 0.0, verbose)


def check_elsewhere(sample, config):
    """Raises `InputError` for files of predictions or features that do not go together, or are not of images."""
    if sample.elsewhere is None:
        return
    if config.modality.name != IMAGES:
        raise InputError("predictions and features are of images: leave them out for rows of a table.")
    sample.elsewhere.check(config.evaluation)


@dataclass(frozen=True)
class Evaluated:
    """As `training.run.Plan`, for samples of a generator whose training data is not known."""

    config: object
    reference: object
    dataset: object = None


def evaluation_config(given, modality):
    """Returns a `Config` of which the data and the evaluation alone are meant."""
    method = next(method.name for method in imported_methods() if modality.name in method.modalities)
    return configure({"dataset": modality.in_memory, **modality.of_samples, **given, "method": method})


def _modality_of_samples(path):
    for name in names("modality"):
        modality = lookup("modality", name)()
        if modality.are_samples(path):
            return modality
    raise InputError(
        f"{path} is not a SavedModel (there is no saved_model.pb in it), and neither a run, nor a folder of PNG or "
        "JPEG images, nor an .npz of them, nor a .csv of rows: check the path."
    )


def sample_name(path):
    """Returns the name of samples: that of their file or folder."""
    path = Path(path).resolve()
    return path.stem if path.suffix in (".npz", ".csv") else path.name


def beside(path):
    """Returns the folder beside samples that their evaluation is written to."""
    path = Path(path).resolve()
    return path.with_name(f"{sample_name(path)}-evaluation")


def new_folder(path):
    """Returns the `RunDir` of a folder that may hold instruments alone, of an evaluation that was stopped."""
    run = RunDir(path)
    run.check_new(also=(run.instruments,))
    return run
