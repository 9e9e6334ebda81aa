"""How classifiers of real Adult treat the sexes: demographic parity and FTU depend on which classifier it is.

python docs/reproduction/real_adult.py [FOLDER with adult.data and adult.test; without, they are downloaded]
"""

import sys

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from repfair_keras.data.tables.loaders import adult
from repfair_keras.data.tables.preprocess import prepare
from repfair_keras.metrics.downstream import cells, from_counts

LOGISTIC = LogisticRegression(max_iter=1000)
CLASSIFIERS = {
    "logistic regression": (LOGISTIC, ()),
    "linear SVM": (LinearSVC(), ()),
    "MLP, 64 units, 15 epochs": (MLPClassifier((64,), max_iter=15, random_state=0), ()),
    "random forest": (RandomForestClassifier(min_samples_leaf=5, random_state=0), ()),
    "decision tree": (DecisionTreeClassifier(random_state=0), ()),
    "naive Bayes": (BernoulliNB(), ()),
    "logistic regression without relationship": (LOGISTIC, ("relationship",)),
    "... and without marital-status": (LOGISTIC, ("relationship", "marital-status")),
}


def main(folder=None):
    data = prepare(adult.load(folder))
    schema = data.schema
    sides = [
        (codes, codes[:, schema.place("sex")], codes[:, schema.place("income")] == 1)
        for codes in (data.codes, data.test_codes)
    ]
    print("| classifier | accuracy | DP | FTU |\n|---|---|---|---|")
    for name, (model, dropped) in CLASSIFIERS.items():
        features = [schema.one_hot(codes, leave_out=("sex", "income", *dropped)) for codes, _, _ in sides]
        (_, train_groups, train_targets), (_, groups, targets) = sides
        model.fit(np.column_stack([features[0], train_groups]), train_targets)
        set_to = [model.predict(np.column_stack([features[1], np.full(len(groups), g)])) for g in (0, 1)]
        found = from_counts(cells(groups, targets, np.stack(set_to), 2))
        values = " | ".join(f"{found[key]:.3f}" for key in ("accuracy", "demographic_parity", "ftu"))
        print(f"| {name} | {values} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:2])
