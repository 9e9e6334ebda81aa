"""Whether the images of runs can be told from clouds: from clouds nothing is judged, whatever their shares say."""

READABLE = 0.5  # of the images have to show the label asked for, where there are labels
TELLS = 0.8  # of the real images' labels the judge has to see, or it cannot tell how good images are
PRECISE = 0.5  # of the images have to lie among the real ones, where no label was asked for


def clouds_text(records: list[dict]) -> str:
    """Returns why nothing can be judged from the images of most runs; empty: their images can be read.

    Images for which a label was asked are clouds where the judge sees it in fewer than half of them. Where none was
    asked for, it has to be known how good images are: the judge, asked for the labels of real images, has to be right
    for at least 80 %, where these have labels, and at least half of the generated images have to lie among the real
    ones (precision).

    Args:
        records: see `sweeps.records`.
    """
    found = [text for record in records if (text := _why(record))]
    if len(found) <= len(records) / 2:
        return ""
    why = max(set(found), key=found.count)
    return (
        f"The images of {len(found)} of {len(records)} runs are clouds, or cannot be told from them: {why}."
    )


def are_clouds(records: list[dict]) -> bool:
    """Whether nothing can be judged from the images of most runs."""
    return bool(clouds_text(records))


def _why(record):
    """Why the images of a run cannot be read; empty: they can, or nothing is known of them."""
    report = record["report"]
    agreement, quality = report.get("label_agreement"), report.get("quality") or {}
    if agreement:
        seen = agreement["overall"] < READABLE
        return f"fewer than {100 * READABLE:.0f} % show the label asked for" if seen else ""
    accuracy = (quality.get("extractor") or {}).get("label_accuracy")
    if accuracy is not None and accuracy < TELLS:
        return (
            f"the judge sees the labels of fewer than {100 * TELLS:.0f} % of real images, and so tells none"
        )
    precision = (quality.get("overall") or {}).get("precision")
    if precision is not None and precision < PRECISE:
        return f"fewer than {100 * PRECISE:.0f} % of them lie among real images"
    return ""
