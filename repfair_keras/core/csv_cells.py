"""Text in CSV files that a spreadsheet would run as a formula: names and values come from users' files."""

import re

RUN = ("=", "+", "-", "@")
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")


def guarded(cell):
    """Returns a cell that no spreadsheet runs: text that looks like a formula gets a `'` in front.

    Examples:
        >>> from repfair_keras.core.csv_cells import guarded
        >>> [guarded(cell) for cell in ("=1+1", "-5", "-", "female", 3)]
        ["'=1+1", '-5', '-', 'female', 3]
    """
    return f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell


def unguarded(cell):
    """Returns the cell that `guarded` was given."""
    if isinstance(cell, str) and cell.startswith("'") and _is_formula(cell[1:]):
        return cell[1:]
    return cell


def of_frame(change, frame):
    """Returns a `DataFrame` with `guarded` or `unguarded` done to its text, names of columns too."""
    text = [
        name
        for name in frame.columns
        if frame[name].dtype.kind == "O" or str(frame[name].dtype).startswith("str")
    ]
    changed = frame.copy()
    for name in text:
        changed[name] = frame[name].map(change, na_action="ignore")
    return changed.rename(columns=change)


def _is_formula(text):
    bare = text.lstrip()
    return bare.startswith(RUN) and len(bare) > 1 and not NUMBER.fullmatch(bare)
