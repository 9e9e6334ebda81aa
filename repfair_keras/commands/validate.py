"""`python -m repfair_keras.validate`: whether shares of your groups can be measured, tried on real images."""

import time
from pathlib import Path

from repfair_keras.commands.command_line import TRUST, Options, option
from repfair_keras.core.saved_graphs import trusted
from repfair_keras.core.settings import Count, CountFrom0, settings_in
from repfair_keras.registry import IMAGES, lookup

OF_COMMAND = {
    "out": option(
        "out", str, "validation", "folder for the result and the instruments, for --instruments of train"
    ),
    "instruments": option("instruments", str | None, None, "folder of a run whose classifier to try"),
    "instrument_steps": option("instrument_steps", Count | None, None, "batches to train on at most"),
    "classifier": option(
        "classifier", str | None, None, "Keras model or SavedModel that tells the groups, to try instead"
    ),
    "classifier_groups": option(
        "classifier_groups", list[str] | None, None, "names of the groups in the order of its outputs"
    ),
    "trust": TRUST,
    "n": option("n", Count, 1000, "images in a sample, fewer where there are not so many"),
    "repeats": option("repeats", Count, 200, "samples for each group and share"),
    "seed": option("seed", CountFrom0, 0, "seed of the samples"),
}
EXAMPLE = "python -m repfair_keras.validate --dataset folder --data_dir my_images --grouping sex"
NOT_HERE = ("share", "strength")


def make_options():
    """Returns the `Options` of the command."""
    data = settings_in(lookup("modality", IMAGES).data_settings)
    data = {name: setting for name, setting in data.items() if name not in NOT_HERE}
    return Options(
        "validate", __doc__.split(": ", 1)[1], {"data": data, "command": OF_COMMAND}, example=EXAMPLE
    )


def main(argv):
    """Parses, tries and prints."""
    options = make_options()
    given = options.read_or_help(argv)
    if given is None:
        return
    data = {name: given[name] for name in options.groups["data"]}
    chosen = {name: given[name] for name in ("n", "repeats", "seed", "classifier", "classifier_groups")}
    out = Path(given["out"])
    from repfair_keras.training.validate import validate_data

    started = time.monotonic()
    with trusted(given["trust"]):
        found = validate_data(data, out, given["instruments"], given["instrument_steps"], verbose=1, **chosen)
    print(found.to_markdown())
    print(f"{time.monotonic() - started:.0f} seconds; written to {out / 'validation.md'} and .json")
    if given["classifier"] is not None:
        print(
            "If the classifier was trained on these images, it errs more often on others than was counted here."
        )
    elif given["instruments"] is None:
        print(f"Train with these instruments: python -m repfair_keras.train ... --instruments {out}")
