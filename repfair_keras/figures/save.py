"""Writing figures, each at once."""

from repfair_keras.core.files import replacing


def save_figure(figure, path, dpi=150):
    """Writes a matplotlib figure; the format is that of the path's ending.

    Args:
        figure: `matplotlib.figure.Figure`.
        path: file to write, for example `representation.png`; its folder is made if need be.
        dpi: dots per inch, for formats made of pixels.
    """
    engine, own_dpi = figure.get_layout_engine(), figure.get_dpi()
    if engine is not None and str(path).endswith(".png"):
        figure.set_dpi(dpi)
        engine.execute(figure)  # here, once: `savefig` would draw all of it a first time for the layout alone
        figure.set_layout_engine(None)
    metadata = {"CreationDate": None} if str(path).endswith(".pdf") else {}  # equal figures are equal files
    try:
        with replacing(path) as temporary:
            figure.savefig(temporary, dpi=dpi, metadata=metadata)
    finally:
        figure.set_dpi(own_dpi)
        figure.set_layout_engine(engine)
