"""From real images to the answer whether shares of their groups can be measured."""

from contextlib import ExitStack
from pathlib import Path

from repfair_keras.core.files import make_folder, write_json, write_text
from repfair_keras.core.progress import Progress
from repfair_keras.evaluation.images.instrument_files import missing_instruments
from repfair_keras.evaluation.images.instruments import prepare_instruments
from repfair_keras.evaluation.images.validation import SHARES, STAGE, validate
from repfair_keras.registry import lookup
from repfair_keras.training.evaluate_again import evaluation_config

SECONDS = 0.02  # of a sample


def validate_data(data, out, instruments=None, steps=None, verbose=0, raw=None, n=1000, repeats=200, seed=0):
    """Makes the instruments of a data set, or takes those of a run, and tries them on its held-out images.

    Args:
        data: dict of the settings of the data, as `dataset` and `grouping`.
        out: folder for `validation.md`, `validation.json` and the folder `instruments`.
        instruments: folder of another run on the same data, whose instruments to try.
        steps: batches that each network is trained on at most.
        verbose: 0 silent, 1 progress.
        raw: `RawImages` of data in memory.
        n, repeats, seed: as of `evaluation.images.validation.validate`.

    Returns:
        `Validation`.

    Raises:
        InputError: if data or instruments do not fit.
    """
    values = {**data, "instruments": instruments, "instrument_steps": steps}
    config = evaluation_config(
        {name: value for name, value in values.items() if value is not None}, lookup("modality", "images")
    )
    reference, folder = config.modality.reference(config, raw), Path(out)
    make_folder(folder)
    missing = missing_instruments(reference, config.evaluation, folder / "instruments")
    samples = repeats * len(SHARES)
    with ExitStack() as stack:
        if verbose:
            stack.enter_context(Progress({**missing, STAGE: (samples, samples * SECONDS)}))
        made = prepare_instruments(
            folder / "instruments", reference.dataset, None, config.evaluation.instruments, verbose, steps
        )
        found = validate(made.attribute.classifier, n, repeats, seed=seed)
    write_text(folder / "validation.md", found.to_markdown())
    write_json(folder / "validation.json", found.to_dict())
    return found
