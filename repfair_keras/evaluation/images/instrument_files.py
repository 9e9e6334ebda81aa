"""What a folder of instruments holds, read without TensorFlow."""

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import read_json
from repfair_keras.core.settings import shown
from repfair_keras.evaluation.images import budget

STRICT = ConfigDict(strict=True, allow_inf_nan=False)


class ExtractorFields(TypedDict):
    """What `extractor.json` holds."""

    __pydantic_config__ = STRICT
    group_names: list[str]
    class_names: list[str]
    accuracy: dict[str, dict[str, float | str | list[float | None] | None]]
    n_train: Annotated[int, Field(ge=0)]
    data: str
    hash: str


class CalibrationFields(TypedDict):
    """As `calibration.Calibration`."""

    __pydantic_config__ = STRICT
    temperature: Annotated[float, Field(gt=0)]
    bias: list[float]


class ClassifierFields(TypedDict):
    """What `classifier.json` holds."""

    __pydantic_config__ = STRICT
    names: Annotated[list[str], Field(min_length=2)]
    candidate: str
    tried: dict[str, float]
    calibration: CalibrationFields
    n_train: Annotated[int, Field(ge=0)]
    data: str


SCHEMAS = {"extractor": TypeAdapter(ExtractorFields), "classifier": TypeAdapter(ClassifierFields)}


def read_fields(folder, what):
    """Returns what `<what>.json` in a folder holds, a dict.

    Args:
        folder: the folder.
        what: `"extractor"` or `"classifier"`.

    Raises:
        InputError: if it is not there or damaged, or a key is missing, or a value is not of its type.
    """
    path = Path(folder) / f"{what}.json"
    if not path.is_file():
        raise InputError(
            f"{str(folder)!r} holds no {what}, expected model.keras and {what}.json in it: "
            "check the path, or have one made there."
        )
    again = f"Remove {folder} to have it made again."
    try:
        fields = SCHEMAS[what].validate_python(read_json(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        if first["type"] == "missing":
            raise InputError(
                f"{path} has no {place!r}: it is damaged, or an earlier version made it. {again}"
            ) from error
        raise InputError(
            f"{path} is damaged: {place} is {shown(first['input'])}: {first['msg']}. {again}"
        ) from error
    except InputError as error:
        raise InputError(f"{error} {again}") from error
    if what == "classifier" and len(fields["calibration"]["bias"]) != len(fields["names"]):
        raise InputError(
            f"{path} is damaged: it has {len(fields['names'])} names, but as many biases not. {again}"
        )
    return fields


def check_source(source, reference):
    """Raises `InputError` unless `source` holds instruments made from `reference` (`ImageDataset`)."""
    folder = existing(Path(source)) / "extractor"
    check_made_from(reference, read_fields(folder, "extractor")["data"], folder)


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
