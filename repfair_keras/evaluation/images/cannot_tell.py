"""When shares cannot be told: then there is no number, since one that misleads is worse than none."""

import numpy as np

from repfair_keras.metrics.representation import ILL_CONDITIONED, condition_number

LEAST_RECALL = 0.6  # of every group, on held-out real images
FEWEST_TESTED = 10  # held-out real images of a group
FEWEST_IMAGES = 10  # generated images
MOST_UNDECIDED = 0.5  # share of the generated images


def cannot_tell(errors, group_names, n, undecided=0.0):
    """Yields a sentence for each reason why a classifier cannot tell the shares of the groups.

    Args:
        errors: what `representation.classifier_errors` has made.
        group_names: one name per group.
        n: number of images that it looks at.
        undecided: share of them whose group is not clear.
    """
    confusion = np.array(errors["confusion"])
    if n < FEWEST_IMAGES:
        yield f"a sample of {n} is too small, at least {FEWEST_IMAGES} images are needed: draw more."
    if undecided > MOST_UNDECIDED:
        yield (
            f"{100 * undecided:.0f} % of the images have no clear group, at most {100 * MOST_UNDECIDED:.0f} % may: "
            "they are not like the real images that the classifier was tested on."
        )
    sizes = confusion.sum(axis=1)
    few = [
        f"{name!r} has {size}" for name, size in zip(group_names, sizes, strict=True) if size < FEWEST_TESTED
    ]
    if few:
        yield (
            f"the classifier was tested on too few real images ({', '.join(few)}), at least {FEWEST_TESTED} of "
            "each group are needed: give more images of it."
        )
    recalls = zip(group_names, errors["by_group"], strict=True)
    missed = [f"{100 * recall:.0f} % of {name!r}" for name, recall in recalls if recall < LEAST_RECALL]
    if missed:
        yield (
            f"the classifier recognises only {', '.join(missed)} on real images, at least "
            f"{100 * LEAST_RECALL:.0f} % of each group are needed: give more or clearer images, or merge groups."
        )
    if missed or not sizes.all():  # what is wrong is said, and a group without images has no rates
        return
    condition = condition_number(confusion)
    if condition > ILL_CONDITIONED:
        yield (
            f"the classifier confuses the groups (condition number {condition:.3g}, at most {ILL_CONDITIONED} is "
            "needed): merge groups that it takes for each other."
        )


def in_a_row(reasons):
    """Joins what `cannot_tell` yields to one text that goes after a colon: from the second on they begin large."""
    first, *others = reasons
    return " ".join([first, *(reason[:1].upper() + reason[1:] for reason in others)])
