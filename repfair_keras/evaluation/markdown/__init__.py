"""The report as Markdown, for people."""

from repfair_keras.evaluation.markdown.report import to_markdown

__all__ = ["to_markdown"]
