"""The commands as functions: every flag is a keyword of the same name."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from repfair_keras.api.run import Run
from repfair_keras.core.errors import InputError
from repfair_keras.registry import IMAGES, modality_name
from repfair_keras.runs.config import configure, in_place_of


def load_dataset(name: str, **settings: Any):
    """Loads a data set that this package, or a registered one, knows by name.

    Args:
        name: as `--dataset`: `"mnist_5k"`, `"mnist"`, `"celeb_a"`, `"folder"`, `"adult"`, `"csv"`, ...
        settings: settings of the data, as for the command `train`: `data_dir`, `grouping`, `share`, ..., and `seed`.

    Returns:
        `ImageDataset` or `TableDataset`, with groups.

    Raises:
        InputError: if the data are not there, or a setting does not fit.

    Examples:
        >>> import repfair_keras as rf
        >>> data = rf.load_dataset("mnist_5k", share=0.3)
        >>> data.group_names, len(data)
        (('black', 'white'), 5000)
    """
    config = _of_data({"dataset": name, **settings})
    dataset = config.modality.load(config)
    return dataset.made_with({"dataset": name, **settings}, None)


def train(
    data: Any = None,
    method: str | None = None,
    *,
    out: str | Path | None = None,
    config: str | Path | Mapping | None = None,
    resume: str | Path | None = None,
    callbacks: Sequence = (),
    verbose: int = 1,
    **settings: Any,
) -> Run:
    """Trains a generator, reports how it represents the groups, and exports it.

    Args:
        data: `ImageDataset` or `TableDataset`; the name of a data set; `None`: as `config` or `dataset` says.
        method: as `--method`; `None`: as `config` says, or `repfair`, for tables `fld_wgan_gp`.
        out: new folder of the run; `None`: one below `runs/`, named by date and time.
        config: YAML file, or a dict, of settings; keywords come in their place.
        resume: folder of a stopped run to go on with, on the same data; of the settings its length alone may be given.
        callbacks: Keras callbacks, called in every phase of training.
        verbose: 0 silent, 1 progress, 2 a line per epoch.
        settings: every flag of the command `train`: `steps`, `seed`, `max_grad_norm`, `n`, ...

    Returns:
        `Run`.

    Raises:
        InputError: before any training, if an input does not fit; lists all that is wrong.

    Examples:
        >>> import repfair_keras as rf
        >>> rf.train("mnist_5k", steps=8.5, batch_size=0)
        Traceback (most recent call last):
        repfair_keras.core.errors.SettingsError: 2 settings are wrong:
        - steps is 8.5: expected an integer from 1 to 1,000,000,000, or null.
        - batch_size is 0: expected an integer from 1 to 1,000,000,000, or null.
    """
    raw = raw_of(data)
    if resume is not None:
        return _resume(
            resume, raw, {"method": method, "config": config, "out": out, **settings}, callbacks, verbose
        )
    values = in_place_of({**_stored(config), **_data_settings(data)}, settings)
    if method is not None:
        values["method"] = method
    if "method" not in values and "dataset" in values and modality_name(values["dataset"]) == "tables":
        values["method"] = "fld_wgan_gp"
    checked = configure(values)
    from repfair_keras.training.run import train as train_run

    folder, _ = train_run(checked, out, verbose, raw, tuple(callbacks))
    return Run(folder.path, raw)


def evaluate(
    samples: Any,
    reference: Any = None,
    *,
    labels: Any = None,
    out: str | Path | None = None,
    verbose: int = 0,
    **settings: Any,
):
    """Measures samples of any generator as those of a run are measured.

    Args:
        samples: generated images, uint8 or float32 in [0, 1] or [-1, 1], shape `(N, height, width[, channels])`; or a
            DataFrame of synthetic rows; or a path, or a `Run`, as for the command `evaluate`.
        reference: `ImageDataset` or `TableDataset`, the real data to compare with, or its name. Not for a run, which
            knows its own, unless that lay in memory.
        labels: class that each image was made for, shape `(N,)`, names or indices; `None` without.
        out: folder for the report; `None`: a run's own; of arrays nothing is written.
        verbose: 0 silent, 1 progress, 2 a line each.
        settings: flags of the command `evaluate`: `n`, `seed`, `confidence`, `target`, `name`, `instruments`, ...

    Returns:
        `ImageReport` or `TableReport`.

    Raises:
        InputError: if the samples or a setting do not fit.

    Examples:
        >>> import numpy as np, repfair_keras as rf
        >>> rf.evaluate(np.zeros((10, 28, 28), np.uint8))
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: samples in memory need real data to be compared with: rf.evaluate(samples,
        reference=data).
    """
    if isinstance(samples, str | Path | Run):
        from repfair_keras.training.evaluate_again import evaluate_again

        path = samples.path if isinstance(samples, Run) else samples
        given = {**_data_settings(reference), **settings} if not _is_run(path) else settings
        given = {name: value for name, value in given.items() if value is not None}
        folder, _ = evaluate_again(path, given, out, verbose, raw_of(reference))
        return Run(folder.path).report
    if reference is None:
        raise InputError(
            "samples in memory need real data to be compared with: rf.evaluate(samples, reference=data)."
        )
    from repfair_keras.api.evaluation import evaluate_in_memory

    values = {**_data_settings(reference), **settings}
    return evaluate_in_memory(samples, labels, values, raw_of(reference), out, verbose)


def validate(
    data: Any,
    out: str | Path,
    n: int = 1000,
    repeats: int = 200,
    seed: int = 0,
    instruments: str | Path | None = None,
    instrument_steps: int | None = None,
    verbose: int = 0,
    classifier: str | Path | None = None,
    classifier_groups: list[str] | None = None,
):
    """Tries on real images whether shares of their groups can be measured, before any share is believed.

    Args:
        data: `ImageDataset`, or the name of a data set.
        out: folder for the result, and for the instruments: `instruments=out` of `train` and `evaluate` takes them.
        n: images in a sample, fewer where there are not so many.
        repeats: samples for each group and share.
        seed: seed of the samples.
        instruments: folder of another run on the same data whose classifier to try; `None`: one is trained.
        instrument_steps: batches that each network is trained on at most; `None`: enough for any data.
        verbose: 0 silent, 1 progress.
        classifier: Keras model or SavedModel that tells the groups, to try in the place of one that is trained here;
            images that it was trained on make it look better than it is.
        classifier_groups: names of the groups in the order of its outputs; `None`: their order in the data.

    Returns:
        `Validation`: `trusted`, `verdict`, `cells`, `to_frame()`.

    Raises:
        InputError: if the data are no images, the instruments were made from others, or the classifier does not fit.

    Examples:
        >>> import repfair_keras as rf
        >>> rf.validate("adult", "validation")
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: dataset is 'adult', which holds rows: expected images. Tables need no
        check of a classifier: their groups stand in a column.
    """
    values = _data_settings(data)
    if modality_name(values["dataset"]) != IMAGES:
        raise InputError(
            f"dataset is {values['dataset']!r}, which holds rows: expected images. Tables need no check of a "
            "classifier: their groups stand in a column."
        )
    from repfair_keras.training.validate import validate_data

    values = {name: value for name, value in values.items() if name not in ("share", "strength")}
    chosen = {"n": n, "repeats": repeats, "seed": seed}
    chosen |= {
        "classifier": None if classifier is None else str(classifier),
        "classifier_groups": classifier_groups,
    }
    return validate_data(values, out, instruments, instrument_steps, verbose, raw_of(data), **chosen)


def compare(runs: Any, out: str | Path | None = None, baseline: str | None = None, **axes: Any):
    """Puts methods side by side: means over seeds, and paired differences.

    Args:
        runs: a list of `Run`, of reports, or of folders of runs, evaluations or sweeps; or one folder of a sweep.
        out: new folder for table, numbers and figure; `None`: nothing is written.
        baseline: name of the method that the others are compared with; `None`: that of the first.
        axes: `x` and `y`, columns of the figure.

    Returns:
        `Comparison`: `to_frame()`, and a table in Jupyter.

    Raises:
        InputError: if there are fewer than two, or they were measured differently.

    Examples:
        >>> import repfair_keras as rf
        >>> rf.compare(["runs/that_is_not_there", "runs/neither"])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: runs/that_is_not_there has no report.json. ...
    """
    from repfair_keras.comparison.compare_runs import compare as compare_runs

    several = [runs] if isinstance(runs, str | Path | Run) else list(runs)
    return compare_runs([run.path if isinstance(run, Run) else run for run in several], out, baseline, **axes)


def load_run(path: str | Path) -> Run:
    """Opens the folder of a run.

    Args:
        path: folder that `train` made.

    Raises:
        InputError: if it is none.

    Examples:
        >>> import repfair_keras as rf
        >>> rf.load_run("runs/that_is_not_there")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: runs/that_is_not_there is not the folder of a run: ...
    """
    run = Run(path)
    run.folder.check_is_run()
    return run


def raw_of(data):
    """Returns what of a data set lies in memory alone, `RawImages` or `RawTable`; `None` if a name says it all."""
    return getattr(data, "raw", None)


def _data_settings(data):
    if data is None:
        return {}
    if isinstance(data, str):
        return {"dataset": data}
    if getattr(data, "settings", None) is None:
        raise InputError(
            f"data is {type(data).__name__}: expected an ImageDataset or a TableDataset, as "
            "rf.ImageDataset.from_arrays(images, groups=groups) or rf.load_dataset('mnist_5k') make them, or a name."
        )
    return dict(data.settings)


def _of_data(values):
    """Returns a `Config` of which the data alone are meant."""
    tables = modality_name(values["dataset"]) == "tables"
    return configure({"method": "fair_vae" if tables else "gan", **values})


def _stored(config):
    if config is None or isinstance(config, Mapping):
        return dict(config or {})
    from repfair_keras.runs.options_file import read_options_file

    return read_options_file(config)


def _resume(folder, raw, given, callbacks, verbose):
    from repfair_keras.training.run import resume

    allowed = ("steps", "epochs", "data_dir", "instruments")
    others = [name for name, value in given.items() if value is not None and name not in allowed]
    if others:
        raise InputError(
            f"resume takes the run's own settings, but {others[0]} is given too: leave it out, or start a new run."
        )
    length = {name: given[name] for name in allowed if given.get(name) is not None}
    run, _ = resume(folder, **length, verbose=verbose, raw=raw, callbacks=tuple(callbacks))
    return Run(run.path, raw)


def _is_run(path):
    from repfair_keras.runs.run_folder import RunDir

    return RunDir(path).config.is_file()
