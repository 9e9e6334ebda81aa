"""Names as text in a figure."""


def label(name, width=28):
    """Returns a name short enough for a figure, spelled as it is: matplotlib reads `$...$` as a formula."""
    short = name if len(name) <= width else name[: width - 1] + "…"
    return short.replace("$", r"\$")


def metric_name(metric):
    """Returns the name of a metric of quality as it is written in text."""
    return {"fid": "FID", "kid": "KID"}.get(metric, metric)
