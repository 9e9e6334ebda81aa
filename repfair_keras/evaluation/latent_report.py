"""What latents tell of the group, and what they look like in two dimensions."""

import numpy as np

from repfair_keras.metrics.downstream import Rows, downstream
from repfair_keras.metrics.leakage import leakage

SHOWN = 1000  # real and synthetic codes each that are drawn
PERPLEXITY = 30.0


def measure_codes(sample, seed=0):
    """What can be told of the group from the latents, and how synthetic ones differ from real ones.

    Args:
        sample: `CodeSample`.
        seed: seed of the classifiers.

    Returns:
        dict: `leakage`, see `metrics.leakage`; `deviation_ratio`: standard deviations of synthetic codes over
        those of real ones, one per dimension; `mean_shift`: their means minus those of real ones, in real
        standard deviations; `n_test`: held-out rows of each group; `downstream`: of a table, what
        a logistic regression of the target from code and group reaches on held-out rows, see
        `metrics.downstream`; `blind`: the same from the code alone; else `None`.
    """
    deviation = sample.train.std(axis=0)
    ratio = sample.synthetic.std(axis=0) / deviation
    measured = {
        "leakage": leakage(sample.train, sample.train_groups, sample.test, sample.test_groups, seed),
        "deviation_ratio": ratio.tolist(),
        "mean_shift": ((sample.synthetic.mean(axis=0) - sample.train.mean(axis=0)) / deviation).tolist(),
        "n_test": np.bincount(sample.test_groups, minlength=sample.train_groups.max() + 1).tolist(),
        "downstream": None,
        "blind": None,
    }
    if sample.train_targets is not None:
        train = Rows(sample.train / deviation, sample.train_groups, sample.train_targets)
        test = Rows(sample.test / deviation, sample.test_groups, sample.test_targets)
        k = int(sample.train_groups.max()) + 1
        measured["downstream"] = downstream(train, test, k, seed=seed)
        measured["blind"] = downstream(train, test, k, seed=seed, blind=True)
    return measured


def project(sample, seed=0):
    """Real and synthetic codes in two dimensions, by PCA and t-SNE of both together.

    Args:
        sample: `CodeSample`.
        seed: seed of the choice of codes and of t-SNE.

    Returns:
        dict of arrays: `pca`, `tsne`, float, shape `(m, 2)`; `groups`, int, shape `(m,)`: -1 for synthetic.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(seed)
    real, synthetic = (rng.permutation(len(side))[:SHOWN] for side in (sample.test, sample.synthetic))
    codes = np.concatenate([sample.test[real], sample.synthetic[synthetic]])
    codes = (codes - codes.mean(axis=0)) / codes.std(axis=0)
    with threadpool_limits(1):  # its threads wait for each other by spinning: many times slower on busy cores
        tsne = TSNE(2, perplexity=min(PERPLEXITY, (len(codes) - 1) / 3), random_state=seed).fit_transform(
            codes
        )
    return {
        "pca": PCA(2, random_state=seed).fit_transform(codes).astype(np.float32),
        "tsne": tsne.astype(np.float32),
        "groups": np.concatenate([sample.test_groups[real], np.full(len(synthetic), -1)]).astype(np.int32),
    }
