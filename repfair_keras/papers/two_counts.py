"""Whether the groups of the images of runs can be told: not where two ways to count them disagree."""

from repfair_keras.evaluation.images.nearest_real import FAR_APART, apart


def groups_untold(records: list[dict]) -> bool:
    """Whether in most runs the classifier and the most similar real images find different groups.

    Of the images at the end of training, by the generator that is exported. Records that were made before images were
    counted a second time are taken at their word.

    Args:
        records: see `sweeps.records`.
    """
    reports = [record["report"] for record in records]
    untold = [bool(apart(report.get("nearest_real"), report["groups"], FAR_APART)) for report in reports]
    return sum(untold) > len(untold) / 2
