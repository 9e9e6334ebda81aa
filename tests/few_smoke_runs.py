"""`reproduce all --smoke` for a figure of each kind of runs; for all figures: `-m slow`.

python tests/few_smoke_runs.py, in an empty folder
"""

from unittest import mock

FIGURES = ("4", "fld_alpha", "fld_colours")  # GANs on images, latents of tables, latents of images


def main():
    from repfair_keras.commands import reproduce
    from repfair_keras.commands.command_line import call
    from repfair_keras.registry import REGISTRY

    figures = {name: REGISTRY["paper_figure"][name] for name in FIGURES}
    with mock.patch.dict(REGISTRY, {"paper_figure": figures}):
        call(reproduce.main, ["all", "--smoke", "--workers", "2"])


if __name__ == "__main__":
    main()
