"""How long the networks of a report are trained, and on which part of the real images."""

TRAIN_SHARE = 0.7  # of the real images; the paper's
VALIDATION_SHARE = 0.1  # to choose and calibrate by; errors are counted on what is left
BATCH = 64
MIN_STEPS, MAX_STEPS = 300, 4000  # enough for a few hundred images; under a minute for any number
RESIDUAL_STEPS = 600, 700  # at least and at most: under three minutes for images of 64 x 64 on two cores
EXTRACTOR_EPOCHS, CLASSIFIER_EPOCHS, RESIDUAL_EPOCHS = 30, 6, 20
GUESSES = {
    "extractor": (EXTRACTOR_EPOCHS, 0.05),
    "classifier": (CLASSIFIER_EPOCHS, 0.03),
}  # seconds of a batch


def number_of_steps(epochs, n, limit=None):
    """Returns how many batches a network of a report is trained on.

    Args:
        epochs: passes over n images, within `MIN_STEPS` and `MAX_STEPS` batches.
        n: number of images.
        limit: batches at most, below the bounds too; `None`: none.
    """
    steps = min(max(epochs * (n // min(BATCH, n)), MIN_STEPS), MAX_STEPS)
    return min(steps, limit or steps)


def small_steps(n, epochs, limit=None):
    """Returns the batches of the small classifier; arguments as of `number_of_steps`."""
    return number_of_steps(epochs, n, limit)


def residual_steps(n, epochs, limit=None):
    """Returns the batches of the residual classifier: 0, for not at all, where the limit is below its least."""
    least, most = RESIDUAL_STEPS
    if limit is not None and limit < least:
        return 0
    return min(max(RESIDUAL_EPOCHS * (n // BATCH), least), most, limit or most)
