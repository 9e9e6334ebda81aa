"""What the column of the group does to classifiers of synthetic rows: with it, without it, and shuffled.

Shuffled, the group of a synthetic row tells nothing of its other columns. Mean over the runs, and the least
and the largest.

python docs/reproduction/group_column.py RUN [RUN ...], folders of runs on one table
"""

import sys

import numpy as np

from repfair_keras.evaluation.tables.table_report import rows_of
from repfair_keras.export.table_sampler import TableSampler
from repfair_keras.metrics.downstream import downstream
from repfair_keras.runs.stored import stored_run

METRICS = ("accuracy", "demographic_parity", "ftu")


def main(folders):
    found = {}
    for folder in folders:
        for name, values in of_run(folder).items():
            found.setdefault(name, []).append(values)
    print("| logistic regression of | accuracy | DP | FTU |\n|---|---|---|---|")
    for name, values in found.items():
        cells = [
            f"{np.mean(each):.3f} ({min(each):.3f} to {max(each):.3f})" for each in zip(*values, strict=True)
        ]
        print(f"| {name} | {' | '.join(cells)} |")


def of_run(folder):
    """Returns the metrics of a run's classifiers on real test rows, by what they learn from."""
    run, config = stored_run(folder)
    data, seed = config.modality.reference(config).dataset, config.training.seed
    rng = np.random.default_rng(seed)
    real, test = (rows_of(codes, data.schema) for codes in (data.codes, data.test_codes))
    ids = TableSampler(run.generator).category_ids(config.evaluation.n, seed)
    synthetic = rows_of(ids, data.schema)
    shuffled = synthetic._replace(groups=rng.permutation(synthetic.groups))
    sides = {
        "real rows": (real, False),
        "real rows without the group": (real, True),
        "synthetic rows": (synthetic, False),
        "synthetic rows without the group": (synthetic, True),
        "synthetic rows, group shuffled": (shuffled, False),
    }
    results = {
        name: downstream(rows, test, data.n_groups, blind=blind) for name, (rows, blind) in sides.items()
    }
    return {name: [result[metric][0] for metric in METRICS] for name, result in results.items()}


if __name__ == "__main__":
    main(sys.argv[1:] or sys.exit(__doc__))
