"""Names as text in a figure."""


def label(name, width=28):
    """Returns a name short enough for a figure, spelled as it is: matplotlib reads `$...$` as a formula."""
    short = name if len(name) <= width else name[: width - 1] + "…"
    return short.replace("$", r"\$")
