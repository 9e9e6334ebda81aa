"""How long the networks of a report are trained."""

TRAIN_SHARE = 0.7  # of the real images; the paper's
BATCH = 64
MIN_STEPS, MAX_STEPS = 300, 4000  # enough for a few hundred images; under a minute for any number
EXTRACTOR_EPOCHS, CLASSIFIER_EPOCHS = 30, 6
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
