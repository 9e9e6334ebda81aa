"""`reproduce all --smoke` for a figure of each kind of runs; networks for reports train for seconds.

What such networks are worth is tested elsewhere. All figures, with networks as they are: `-m slow`.

python tests/few_smoke_runs.py, in an empty folder
"""

from pathlib import Path
from unittest import mock

FIGURES = ("4", "fld_alpha", "fld_colours")  # GANs on images, latents of tables, latents of images


def make_instruments(configs, folder):
    """Makes the networks for reports where a sweep looks for them, in few steps."""
    from repfair_keras.evaluation.reference import load_standard

    from repfair_keras.evaluation.images import fit_classifier
    from repfair_keras.registry import is_table
    from repfair_keras.sweeps.records import NUMBERS

    with mock.patch.multiple(fit_classifier, MIN_STEPS=30, MAX_STEPS=100):
        for config in configs:
            if not is_table(config.dataset):
                standard = load_standard(config)
                place = Path(folder) / f"{NUMBERS}-{standard.reference.fingerprint}"
                standard.instruments(place)


def main():
    from repfair_keras.commands import reproduce
    from repfair_keras.commands.command_line import call
    from repfair_keras.papers.reproduce import configs_of
    from repfair_keras.registry import REGISTRY, lookup

    configs = [config for name in FIGURES for config in configs_of(lookup("paper_figure", name), smoke=True)]
    make_instruments(configs, Path(reproduce.SMOKE) / "instruments")
    figures = {name: REGISTRY["paper_figure"][name] for name in FIGURES}
    with mock.patch.dict(REGISTRY, {"paper_figure": figures}):
        call(reproduce.main, ["all", "--smoke", "--workers", "2"])


if __name__ == "__main__":
    main()
