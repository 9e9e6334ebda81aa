"""From real images to the answer whether shares of their groups can be measured."""

from contextlib import nullcontext
from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import make_folder, write_json, write_text
from repfair_keras.core.progress import Progress
from repfair_keras.evaluation.images.instrument_files import missing_instruments
from repfair_keras.evaluation.images.instruments import prepare_instruments
from repfair_keras.evaluation.images.users_classifier import users_classifier
from repfair_keras.evaluation.images.validation import SHARES, STAGE, validate
from repfair_keras.registry import lookup
from repfair_keras.training.evaluate_again import evaluation_config

SECONDS = 0.02  # of a sample


def validate_data(
    data,
    out,
    instruments=None,
    steps=None,
    verbose=0,
    raw=None,
    n=1000,
    repeats=200,
    seed=0,
    classifier=None,
    classifier_groups=None,
):
    """Makes the instruments of a data set, or takes those of a run, and tries them on its held-out images.

    A classifier that was made elsewhere is tried by itself: no instrument is made.

    Args:
        data: dict of the settings of the data, as `dataset` and `grouping`.
        out: folder for `validation.md`, `validation.json` and the folder `instruments`.
        instruments: folder of another run on the same data, whose instruments to try.
        steps: batches that each network is trained on at most.
        verbose: 0 silent, 1 progress.
        raw: `RawImages` of data in memory.
        n, repeats, seed: as of `evaluation.images.validation.validate`.
        classifier, classifier_groups: as of `evaluate`; `None`: the instruments' own.

    Returns:
        `Validation`.

    Raises:
        InputError: if data, instruments or classifier do not fit, or both are given.
    """
    if instruments is not None and classifier is not None:
        raise InputError(
            f"instruments is {str(instruments)!r} and classifier {str(classifier)!r}: expected one of the two to try."
        )
    if classifier is None and classifier_groups is not None:
        raise InputError(
            f"classifier_groups are {classifier_groups}, but there is no classifier: name it too, as --classifier "
            "mine.keras."
        )
    made_elsewhere = {"classifier": classifier, "classifier_groups": classifier_groups}
    values = {**data, "instruments": instruments, "instrument_steps": steps, **made_elsewhere}
    config = evaluation_config(
        {name: value for name, value in values.items() if value is not None}, lookup("modality", "images")
    )
    reference, folder = config.modality.reference(config, raw), Path(out)
    make_folder(folder)
    samples = repeats * len(SHARES)
    stages = {STAGE: (samples, samples * SECONDS)}
    if classifier is None:
        stages = missing_instruments(reference, config.evaluation, folder / "instruments") | stages
    with Progress(stages) if verbose else nullcontext():
        if classifier is not None:
            tried = users_classifier(config.evaluation.classifier, reference.dataset, classifier_groups)
        else:
            place = folder / "instruments"
            made = prepare_instruments(
                place, reference.dataset, None, config.evaluation.instruments, verbose, steps
            )
            tried = made.attribute.classifier
        found = validate(tried, n, repeats, seed=seed)
    write_text(folder / "validation.md", found.to_markdown())
    write_json(folder / "validation.json", found.to_dict())
    return found
