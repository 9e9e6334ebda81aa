"""Writing figures, each at once."""

from repfair_keras.core.files import replacing


def save_figure(figure, path, dpi=150):
    """Writes a matplotlib figure; the format is that of the path's ending.

    Args:
        figure: `matplotlib.figure.Figure`.
        path: file to write, for example `representation.png`; its folder is made if need be.
        dpi: dots per inch, for formats made of pixels.
    """
    metadata = {"CreationDate": None} if str(path).endswith(".pdf") else {}  # equal figures are equal files
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=dpi, metadata=metadata)
