"""All registered figures at once."""

from repfair_keras.figures.save import save_figure
from repfair_keras.registry import lookup, names


def save_figures(folder, context, only=None):
    """Draws every registered figure for which there is what it needs, and saves it as `<name>.png`.

    Args:
        folder: folder to write to; made if need be.
        context: `FigureContext`.
        only: names of figures; `None`: all.
    """
    folder.mkdir(exist_ok=True)
    for name in names("figure") if only is None else only:
        figure = lookup("figure", name).draw(context)
        if figure is not None:
            save_figure(figure, folder / f"{name}.png")
