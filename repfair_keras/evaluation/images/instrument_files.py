"""What a folder of instruments holds, read without TensorFlow."""

import json
from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images import budget


def read_fields(folder, what, keys):
    """Returns what `<what>.json` in a folder holds.

    Raises:
        InputError: if it is not there or damaged, or a key is missing.
    """
    path = Path(folder) / f"{what}.json"
    if not path.is_file():
        raise InputError(
            f"{str(folder)!r} holds no {what}, expected model.keras and {what}.json in it: "
            "check the path, or have one made there."
        )
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        missing = [key for key in keys if key not in fields]
    except (ValueError, TypeError) as error:
        raise InputError(f"{path} is damaged: {error}. Remove {folder} to have it made again.") from error
    if missing:
        raise InputError(
            f"{path} has no {missing[0]!r}: it is damaged, or an earlier version made it. Remove {folder} to have "
            "it made again."
        )
    return fields


def check_source(source, reference):
    """Raises `InputError` unless `source` holds instruments made from `reference` (`ImageDataset`)."""
    folder = existing(Path(source)) / "extractor"
    check_made_from(reference, read_fields(folder, "extractor", ("data",))["data"], folder)


def missing_instruments(reference, evaluation, folder):
    """Returns the stages of training that instruments need, as `core.progress.Progress` takes them.

    Args:
        reference: `ImageReference`.
        evaluation: `ImageEvaluation`.
        folder: folder of the run's instruments.
    """
    last = "attribute" if evaluation.classifier is None else "extractor"
    if evaluation.instruments is not None or (folder / last).is_dir():
        return {}
    n = int(budget.TRAIN_SHARE * len(reference.dataset))
    stages = {}
    for name, (epochs, seconds) in budget.GUESSES.items():
        if name != "extractor" and evaluation.classifier is not None:
            continue
        steps = budget.number_of_steps(epochs, n, evaluation.instrument_steps)
        stages[f"{name} for the report"] = (steps, seconds * steps)
    return stages


def existing(source):
    for folder in (source, source / "instruments"):
        if (folder / "extractor").is_dir():
            return folder
    raise InputError(
        f"{source} holds no instruments: expected the folder of a run that was evaluated, or its folder "
        "`instruments`."
    )


def check_made_from(data, fingerprint, folder):
    if fingerprint != data.fingerprint:
        raise InputError(
            f"{folder} was made from other data (fingerprint {fingerprint}) than {data.name!r} grouped by "
            f"{data.grouping!r} is now ({data.fingerprint}). Leave --instruments out, give the same "
            "--grouping and --use_labels as it was made with, or the data it was made from with --data_dir."
        )
