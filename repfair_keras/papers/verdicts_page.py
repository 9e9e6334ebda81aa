"""The page with all verdicts: registered ones with the numbers that decide, the others in a list of their own."""

from repfair_keras.papers.page import stem_of
from repfair_keras.papers.page_text import paragraphs
from repfair_keras.papers.registered.block_text import cells
from repfair_keras.reporting.markdown.text import table

REGISTERED = (
    "Judged as it was registered before the runs were made, by tests that fit the outcome, apart from dated "
    "amendments. Some of these came after runs had been looked at, and change what is judged: the pages say so. The p "
    "values are corrected for the number of hypotheses of a block. How many runs lie below other thresholds (5, 10 and "
    "15) is on each page."
)
NOT_REGISTERED = (
    "Rules that were written after the first of these runs: exploratory, whatever they say. Where the runs are "
    "those of a registered block, the page says so; most others are of earlier versions of the numbers and of few "
    "seeds, and are being made again, block by block."
)


def verdicts_page(reproduced: list) -> str:
    """Returns the page as Markdown.

    Args:
        reproduced: list of `reproduce.Reproduced`.
    """
    blocks, others = (
        [one for one in reproduced if bool(one.judged) == registered] for registered in (True, False)
    )
    parts = ["# Verdicts"]
    if blocks:
        parts += ["## Registered", REGISTERED, *map(_block, blocks)]
    if others:
        lines = [f"| [{one.title}]({stem_of(one.name)}.md) | {one.verdict} |" for one in others]
        listed = "\n".join(["| Figure | The paper's claim |", "|---|---|", *lines])
        parts += ["## Not registered", NOT_REGISTERED, listed]
    return paragraphs(parts) + "\n"


def _block(one):
    header = ["claim", "paper", "ours (95 % interval)", "n", "p (Holm)", "p", "power", "verdict"]
    lines = [
        [f"{hypothesis.name}: {hypothesis.hypothesis.claim}", *cells(hypothesis)] for hypothesis in one.judged
    ]
    return paragraphs(
        [
            f"### [{one.title}]({stem_of(one.name)}.md)",
            f"Command: `python -m repfair_keras.reproduce {one.name}`.",
            table(header, lines),
        ]
    )
