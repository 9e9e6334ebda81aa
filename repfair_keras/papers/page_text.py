"""What pages and figures say of their runs: that there are none, or on other data than the paper's."""

from collections.abc import Iterable

from repfair_keras.reporting.markdown.text import escape

NO_RUN = "None of the runs has been recorded."
NO_RUN_OF_EITHER = "No run of either method has been recorded."


def paragraphs(texts: Iterable[str]) -> str:
    """Returns texts as paragraphs of Markdown; empty ones are left out."""
    return "\n\n".join(text for text in texts if text)


def stand_in(records: list[dict], dataset: str) -> str:
    """Returns a sentence, as Markdown, if the records' data is not the paper's, else an empty text.

    Args:
        records: records of runs.
        dataset: name of the data set that the paper used.
    """
    sources = {name: record["data"]["source"] for name, record in _others(records, dataset).items()}
    described = " and ".join(f"{escape(name)} ({escape(source)})" for name, source in sources.items())
    return f"**Stand-in:** the paper used {dataset}, these runs are on {described}." if sources else ""


def stand_in_note(records: list[dict], dataset: str) -> str:
    """Returns the same as `stand_in`, short and as plain text, for a figure."""
    others = _others(records, dataset)
    return f"stand-in: {' and '.join(others)} in place of the paper's {dataset}" if others else ""


def _others(records, dataset):
    named = {record["config"]["dataset"]: record for record in records}
    return {name: record for name, record in named.items() if name != dataset}
