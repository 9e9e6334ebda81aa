"""Is the quality of the images the same in every class?"""

from repfair_keras.figures.quality import draw_panels

BAR = {"color": "#BBBBBB", "edgecolor": "white"}  # colours stand for groups


def draw(report):
    """Draws each metric of quality per class, over all images, and of real images against real images.

    Args:
        report: dict as in `report.json`.

    Returns:
        `matplotlib.figure.Figure`; `None` if there are no classes, or their quality was not measured.
    """
    quality = report.get("quality")
    if not quality or not quality.get("by_class"):
        return None
    return draw_panels(quality, "by_class", report["classes"], [BAR] * len(report["classes"]), "class")
