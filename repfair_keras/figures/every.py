"""All registered figures at once."""

from repfair_keras.figures.save import save_figure
from repfair_keras.registry import lookup, names


def save_figures(folder, context):
    """Draws every registered figure for which there is what it needs, and saves it as `<name>.png`.

    Args:
        folder: folder to write to.
        context: `FigureContext`.
    """
    for name in names("figure"):
        figure = lookup("figure", name).draw(context)
        if figure is not None:
            save_figure(figure, folder / f"{name}.png")
