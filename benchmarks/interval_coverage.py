"""How many intervals hold the truth, over classifiers whose errors are known from a few hundred real images?

    python benchmarks/interval_coverage.py

For each classifier its test is drawn, then samples of a generator of known shares, measured with it. All samples of a
classifier share what its test left open: an interval that is right on average may be wrong again and again with one of
them. Printed for each share: how many intervals hold it, the part of classifiers with which at least 93 % do, the worst
of them, and the mean width.
"""

import argparse

import numpy as np

from repfair_keras.metrics.representation import bootstrap_interval

SHARES = (0.05, 0.2, 0.5, 0.8, 0.95)
LEAST = 0.93


def coverage(recalls, tested, level, share, options):
    """Coverage with each classifier, an array, and the mean width of the intervals."""
    rng, held, widths = np.random.default_rng(options.seed), [], []
    sizes = round(options.n * share), options.n - round(options.n * share)
    for _ in range(options.classifiers):
        right = rng.binomial(tested, recalls)
        confusion = np.array([[right[0], tested[0] - right[0]], [tested[1] - right[1], right[1]]])
        seen = rng.binomial(sizes[0], recalls[0], options.samples)
        seen += rng.binomial(sizes[1], 1 - recalls[1], options.samples)
        found = {}  # of equal samples the interval is the same
        for first in np.unique(seen):
            counts = np.array([first, options.n - first])
            found[first] = bootstrap_interval(counts, confusion, level, options.seed)[0]
        ends = np.array([found[first] for first in seen])
        held.append(np.mean((ends[:, 0] <= share) & (share <= ends[:, 1])))
        widths.append(np.mean(ends[:, 1] - ends[:, 0]))
    return np.array(held), float(np.mean(widths))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recalls", type=float, nargs=2, default=[0.92, 0.92])
    parser.add_argument("--tested", type=int, nargs=2, default=[625, 625], help="real images of each group")
    parser.add_argument("--levels", type=float, nargs="+", default=[0.95, 0.99])
    parser.add_argument("--n", type=int, default=1000, help="images in a sample")
    parser.add_argument("--classifiers", type=int, default=200)
    parser.add_argument("--samples", type=int, default=200, help="for each classifier")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print("| level | share | held | classifiers with 93 % | worst | width |\n|---|---|---|---|---|---|")
    for level in options.levels:
        for share in SHARES:
            held, width = coverage(options.recalls, np.array(options.tested), level, share, options)
            enough = np.mean(held >= LEAST)
            print(
                f"| {level} | {share} | {100 * held.mean():.1f} % | {100 * enough:.1f} % | {100 * held.min():.0f} % "
                f"| {100 * width:.1f} points |",
                flush=True,
            )


if __name__ == "__main__":
    main()
