"""How much of the group can be told from codes."""

import numpy as np

PREDICTORS = ("logistic_regression", "boosted_trees")


def leakage(train_codes, train_groups, test_codes, test_groups, seed=0):
    """Predicts the group from codes, with a linear and a non-linear classifier.

    Args:
        train_codes, test_codes: float, shape `(N, d)` and `(M, d)`.
        train_groups, test_groups: int, shape `(N,)` and `(M,)`, 0 to k - 1, k at least 2.
        seed: seed of the classifiers.

    Returns:
        dict of classifier to `{"accuracy", "auroc"}` on the test rows, and `"majority"`, the accuracy of
        always naming the group that is the most frequent one there. An AUROC of 0.5: nothing can be told.
        With more than two groups it is the mean over each against the rest, of those that have test rows; `None`
        where all test rows are of one group.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train_codes)
    train_codes, test_codes = scaler.transform(train_codes), scaler.transform(test_codes)
    found = {"majority": float(np.bincount(test_groups).max() / len(test_groups))}
    for name in PREDICTORS:
        model = _make(name, seed).fit(train_codes, train_groups)
        scores = model.predict_proba(test_codes)
        pairs = [(test_groups == group, scores[:, i]) for i, group in enumerate(model.classes_)]
        pairs = pairs[1:] if len(pairs) == 2 else pairs
        pairs = [(is_group, score) for is_group, score in pairs if is_group.any() and not is_group.all()]
        aurocs = [roc_auc_score(is_group, score) for is_group, score in pairs]
        found[name] = {
            "accuracy": float(np.mean(model.predict(test_codes) == test_groups)),
            "auroc": float(np.mean(aurocs)) if aurocs else None,
        }
    return found


def _make(name, seed):
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if name == "logistic_regression":
        return LogisticRegression(max_iter=1000)
    # Not the histogram kind: its threads stand in each other's way where cores are shared.
    return GradientBoostingClassifier(n_estimators=50, subsample=0.2, random_state=seed)
