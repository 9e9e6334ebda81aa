"""File names of figures."""


def stem_of(name):
    """Returns the file name of a figure, without its ending: `figure_4`, `ablations`."""
    return f"figure_{name}" if name.isdigit() else name
