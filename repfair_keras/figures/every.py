"""All registered figures at once."""

import inspect

from repfair_keras.figures.save import save_figure
from repfair_keras.registry import lookup, names


def save_figures(folder, only=None, **things):
    """Draws every registered figure for which there is what it needs, and saves it as `<name>.png`.

    A figure says what it needs by the names of its arguments, and is `None` where there is nothing to show.

    Args:
        folder: folder to write to.
        only: names of figures; `None`: all.
        things: `report`, `rows` (of `log.csv`), `data` (`ImageDataset`), `group_names`,
            `max_grad_norm`, `projected`, `generated`, `training`, `distance`.
    """
    folder.mkdir(exist_ok=True)
    for name in names("figure") if only is None else only:
        draw = lookup("figure", name)
        arguments = inspect.signature(draw).parameters
        if all(
            key in things or argument.default is not argument.empty for key, argument in arguments.items()
        ):
            figure = draw(**{key: things[key] for key in arguments if key in things})
            if figure is not None:
                save_figure(figure, folder / f"{name}.png")
