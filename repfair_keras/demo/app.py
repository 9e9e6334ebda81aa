"""A Gradio app on a run's generator: shares of the groups as sliders, what is drawn, what is counted."""

import os

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.extras import needed
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.export.open_sampler import open_sampler
from repfair_keras.sampling.group_decision import load_group_decider
from repfair_keras.sampling.sample import sample_images, sample_rows

MOST_GROUPS = 12  # sliders
MOST_IMAGES, MOST_ROWS = 200, 5000
HEIGHT = 560  # pixels of the gallery
UNDECIDED = "undecided"


def make_app(run, instruments=None):
    """Makes the app of a generator.

    Args:
        run: folder of a finished run, or of an exported generator.
        instruments: of images: folder of a run, or of its instruments, whose classifier counts; `None`: the run's own.

    Returns:
        `gradio.Blocks`, to be launched.

    Raises:
        InputError: if Gradio is not installed, or the folder holds no generator, or one of more than 12 groups.
    """
    gradio = _gradio()
    sampler = open_sampler(run)
    names = sampler.group_names
    if len(names) > MOST_GROUPS:
        raise InputError(f"{run} has {len(names)} groups: expected at most {MOST_GROUPS}, one slider each.")
    of_images = isinstance(sampler, ImageSampler)
    decider = load_group_decider(sampler, instruments) if of_images else None
    asks = not of_images or sampler.takes_groups or decider is not None
    with gradio.Blocks(title=f"{run}", analytics_enabled=False) as app:
        gradio.Markdown(_heading(run, sampler, of_images, asks))
        with gradio.Row():
            drawn = gradio.Checkbox(not asks, label="as the generator draws them", interactive=asks)
            n = gradio.Slider(
                1,
                MOST_IMAGES if of_images else MOST_ROWS,
                40 if of_images else 1000,
                step=1,
                label="how many",
            )
            seed = gradio.Number(0, label="seed", precision=0, minimum=0)
        weights = [
            gradio.Slider(0, 100, round(100 / len(names)), step=5, label=name, interactive=asks)
            for name in names
        ]
        button = gradio.Button("Draw", variant="primary")
        counted = gradio.Dataframe(
            headers=["group", "asked for (%)", "counted (%)"], label="groups", interactive=False
        )
        if of_images:
            shown = gradio.Gallery(label="images", columns=8, height=HEIGHT, object_fit="contain")
            draw = _draws_images(sampler, decider, instruments)
        else:
            shown = gradio.Dataframe(label="rows", interactive=False)
            draw = _draws_rows(sampler)

        def answer(drawn, n, seed, *weights):
            try:
                return draw(_shares(names, weights, drawn), int(n), int(seed))
            except InputError as error:
                raise gradio.Error(str(error)) from error

        inputs, outputs = [drawn, n, seed, *weights], [counted, shown]
        gradio.on([button.click, app.load], answer, inputs, outputs)
    return app


def _shares(names, weights, as_drawn):
    """Dict of group to the share that the sliders ask for; `None` for as they are drawn."""
    if as_drawn:
        return None
    whole = sum(weights)
    if whole <= 0:
        raise InputError("all sliders are at 0: expected a group to draw.")
    return {name: weight / whole for name, weight in zip(names, weights, strict=True) if weight}


def _draws_images(sampler, decider, instruments):
    def draw(shares, n, seed):
        sample = sample_images(sampler, n, seed, shares=shares, instruments=instruments)
        order = np.random.default_rng(seed).permutation(len(sample.pixels))
        pixels = sample.pixels[order]
        pictures = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
        if decider is None:
            return _counts(sampler.group_names, shares, None), list(pictures)
        return _counts(sampler.group_names, shares, decider.decide(sample.images)), list(pictures)

    return draw


def _draws_rows(sampler):
    def draw(shares, n, seed):
        sample = sample_rows(sampler, n, seed, shares=shares or "marginal")
        groups = np.repeat(np.arange(len(sampler.group_names)), list(sample.manifest["groups"].values()))
        return _counts(sampler.group_names, shares, groups), sample.frame.head(50)

    return draw


def _counts(names, shares, groups):
    """Lines of the table: what was asked for, and what was counted; "-" where nothing was."""

    def percent(group):
        return "-" if groups is None else f"{100 * float(np.mean(groups == group)):.1f}"

    lines = [
        [name, "-" if shares is None else f"{100 * shares.get(name, 0):.1f}", percent(group)]
        for group, name in enumerate(names)
    ]
    if groups is not None and (groups < 0).any():
        lines.append([UNDECIDED, "-", percent(-1)])
    return lines


def _heading(run, sampler, of_images, asks):
    what = "images" if of_images else "rows"
    lines = [f"# {run}", f"A generator of {what}. Groups: {', '.join(sampler.group_names)}."]
    if not asks:
        lines.append(
            "It is told no groups, and no classifier that could count them lies beside it: images are shown as they "
            "are drawn. Name one with --instruments."
        )
    elif of_images and not sampler.takes_groups:
        lines.append("It is told no groups: images are drawn, and left out, until the shares are there.")
    return "\n\n".join(lines)


def _gradio():
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    return needed("gradio", "demo")
