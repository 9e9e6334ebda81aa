"""Is the quality of the images the same in every class?"""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.quality import draw_panels

BAR = {"color": "#BBBBBB", "edgecolor": "white"}  # colours stand for groups


def plot(report):
    """Draws each metric of quality per class, over all images, and of real images against real images.

    Args:
        report: `ImageReport`.

    Returns:
        `matplotlib.figure.Figure`; `None` if there are no classes, or their quality was not measured.
    """
    quality = report.quality
    if not quality or not quality.by_class:
        return None
    return draw_panels(quality, "class", report.classes, [BAR] * len(report.classes))


FIGURE = Figure(plot, needs=("report",), modalities=("images",))
