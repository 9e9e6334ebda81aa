"""What codes tell of the group and of the target."""

import numpy as np
import pytest

from repfair_keras.data.latent_sample import CodeSample
from repfair_keras.evaluation.latent_report import measure_codes, project


def sample(shift, targets=True, n=600):
    """Codes of two groups whose first dimension differs by `shift`; the second decides the target."""
    rng = np.random.default_rng(0)

    def half():
        groups = np.arange(n) % 2
        codes = rng.normal(size=(n, 3)) * [1.0, 2.0, 3.0]
        codes[:, 0] += shift * groups
        return codes, groups, codes[:, 1] > 0

    (train, train_groups, y), (test, test_groups, test_y) = half(), half()
    both = (y, test_y) if targets else ()
    return CodeSample(train, train_groups, test, test_groups, 1.1 * train[:500], *both)


def test_codes_that_tell_the_group_and_codes_that_do_not():
    told, untold = measure_codes(sample(3.0)), measure_codes(sample(0.0))
    for name in ("logistic_regression", "boosted_trees"):
        assert told["leakage"][name]["auroc"] > 0.95
        assert untold["leakage"][name]["auroc"] == pytest.approx(0.5, abs=0.07)
    assert told["leakage"]["majority"] == 0.5
    assert untold["deviation_ratio"] == pytest.approx([1.1] * 3, rel=0.03)


def test_the_target_from_codes():
    found = measure_codes(sample(3.0))["downstream"]
    assert found["accuracy"][0] > 0.97
    assert found["demographic_parity"][0] == pytest.approx(0, abs=0.08), (
        "the second dimension is alike in both"
    )
    assert found["ftu"][0] < 0.03
    without = measure_codes(sample(3.0, targets=False))
    assert without["downstream"] is without["blind"] is None


def test_a_target_that_is_the_group_is_not_told_by_codes_alone_that_do_not_know_it():
    fair = sample(0.0)
    targets = {"train_targets": fair.train_groups > 0, "test_targets": fair.test_groups > 0}
    found = measure_codes(fair._replace(**targets))
    assert found["downstream"]["demographic_parity"][0] == 1
    assert found["blind"]["accuracy"][0] == pytest.approx(0.5, abs=0.07)
    assert found["blind"]["demographic_parity"][0] < 0.12
    assert found["blind"]["ftu"] == [0, 0, 0]


def test_projections_have_a_point_per_code_and_mark_synthetic_ones():
    found = project(sample(3.0, n=60))
    assert found["pca"].shape == found["tsne"].shape == (120, 2)
    assert np.bincount(found["groups"] + 1).tolist() == [60, 30, 30]
    pca, groups = found["pca"], found["groups"]
    assert np.isfinite(found["tsne"]).all()
    assert abs(pca.mean()) < 1e-5 and len(pca) == len(groups)
