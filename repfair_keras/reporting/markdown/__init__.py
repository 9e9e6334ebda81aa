"""The report as Markdown, for people."""

from repfair_keras.reporting.markdown.image_report import to_markdown

__all__ = ["to_markdown"]
