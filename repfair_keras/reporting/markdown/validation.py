"""Whether an instrument can be trusted, as Markdown."""

from repfair_keras.evaluation.images.validation import COVERED, OFF
from repfair_keras.reporting.markdown.text import count, escape, percent, points, table

HEADER = ["group", "true share", "images", "interval holds it", "called off target", "width", "bias"]


def to_markdown(validation):
    """Returns verdict and tables of a `Validation`, ends with a newline."""
    of_groups = zip(validation.groups, validation.recalls, validation.n_tested, strict=True)
    recognised = [[name, percent(recall), count(n)] for name, recall, n in of_groups]
    blocks = [
        "# Can the instrument be trusted?",
        f"**{escape(validation.verdict)}**",
        table(["group", "recognised", "held-out images"], recognised),
    ]
    if validation.cells:
        blocks += [
            f"{validation.repeats} times the held-out real images were cut into halves: from one the classifier's "
            "errors were counted, from the other samples of known shares were drawn without replacement and "
            f"measured. At least {percent(COVERED)} of the intervals should hold the truth, and at most "
            f"{percent(OFF)} of samples on target be called off it.",
            table(HEADER, list(map(_row, validation.cells))),
        ]
    blocks.append(
        "That it measures generated images as well as real ones is an assumption that nothing here tests."
    )
    return "\n\n".join(blocks) + "\n"


def _row(cell):
    share, coverage, off = map(percent, (cell.share, cell.coverage, cell.off_target))
    return [cell.group, share, count(cell.n), coverage, off, points(cell.width), points(cell.bias)]
