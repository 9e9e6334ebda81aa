"""Does the instrument tell the truth? Real images whose shares are known are measured as generated ones are."""

import html
import json
from dataclasses import asdict, dataclass

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.progress import advance
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.shares import allot
from repfair_keras.evaluation.images.cannot_tell import cannot_tell, in_a_row
from repfair_keras.evaluation.images.representation import LEVEL
from repfair_keras.metrics.representation import bootstrap_interval, corrected_proportions, target_test

SHARES = (0.05, 0.2, 0.5, 0.8, 0.95)
COVERED, OFF = (
    0.93,
    0.08,
)  # least share of intervals that hold the truth; most samples on target called off it
FEWEST = 10  # images of a group in each half
STAGE = "validation"


@dataclass(frozen=True)
class Cell:
    """What came out at one share of one group.

    Args:
        group: its name; the other groups share the rest equally.
        share: its true share, in (0, 1).
        n: images in each sample.
        coverage: share of the samples whose interval holds the truth.
        off_target: share of them that is called off target where the target is the truth.
        width: mean width of the interval.
        bias: mean corrected share minus the truth.
    """

    group: str
    share: float
    n: int
    coverage: float
    off_target: float
    width: float
    bias: float

    @property
    def holds(self):
        """Whether intervals and test keep what they promise."""
        return self.coverage >= COVERED and self.off_target <= OFF


@dataclass(frozen=True)
class Validation:
    """Whether a classifier of groups measures shares of real images as they are.

    Args:
        cells: a `Cell` for each group and share.
        groups: names of the groups.
        recalls: share of each group's held-out images that is recognised.
        n_tested: held-out images of each group.
        repeats: samples in each cell.
        unknown: sentences, why shares cannot be told at all; empty if they can.
    """

    cells: tuple[Cell, ...]
    groups: tuple[str, ...]
    recalls: tuple[float, ...]
    n_tested: tuple[int, ...]
    repeats: int
    unknown: tuple[str, ...] = ()

    @property
    def trusted(self) -> bool:
        """Whether shares can be told, and every cell holds."""
        return not self.unknown and bool(self.cells) and all(cell.holds for cell in self.cells)

    @property
    def verdict(self) -> str:
        """A sentence: whether shares of these groups can be measured with this classifier."""
        if self.unknown:
            return f"Shares cannot be told: {in_a_row(self.unknown)}"
        widest = max(cell.width for cell in self.cells)
        if self.trusted:
            return (
                f"The instrument can be trusted on real images: shares are known to about {100 * widest / 2:.0f} "
                "points or better either way, with half of the held-out images to know its errors from."
            )
        wrong = [f"{cell.group} at {100 * cell.share:.0f} %" for cell in self.cells if not cell.holds]
        return f"The instrument cannot be trusted: its intervals miss the truth too often for {', '.join(wrong)}."

    def to_frame(self):
        """Returns a pandas `DataFrame`, one row per cell."""
        import pandas as pd

        return pd.DataFrame([asdict(cell) for cell in self.cells])

    def to_dict(self) -> dict:
        """Returns strict JSON."""
        return json.loads(json.dumps({**asdict(self), "trusted": self.trusted, "verdict": self.verdict}))

    def to_markdown(self) -> str:
        """Returns verdict and tables as Markdown."""
        from repfair_keras.reporting.markdown.validation import to_markdown

        return to_markdown(self)

    def _repr_html_(self):
        return f"<p><strong>{html.escape(self.verdict)}</strong></p>{self.to_frame().to_html(index=False)}"


def validate(classifier, n=1000, repeats=200, shares=SHARES, seed=0):
    """Measures real images of known shares, over and over.

    Each time the held-out images are cut into halves at random within each group: the classifier's errors are
    counted on one, and a sample of exactly these shares is drawn from the other, without replacement. So
    neither half knows the other, as if classifier and sample met for the first time.

    Args:
        classifier: `AttributeClassifier`.
        n: images in a sample, fewer where the held-out images of a group do not suffice.
        repeats: samples for each group and share.
        shares: true shares of a group, each in (0, 1).
        seed: seed of halves and samples.

    Returns:
        `Validation`.

    Raises:
        InputError: if a share is not above 0 and below 1, or there are fewer than one repeat.
    """
    if repeats < 1 or not all(0 < share < 1 for share in shares):
        raise InputError(
            f"repeats is {repeats} and shares are {list(shares)}: expected at least 1, and shares above 0 and below 1."
        )
    names, k, test = classifier.names, len(classifier.names), classifier.held_out.test
    members = [test.chances[test.groups == group].argmax(axis=1) for group in range(k)]
    about = names, classifier.by_group, tuple(len(seen) for seen in members), repeats
    errors = {"confusion": classifier.confusion, "by_group": classifier.by_group}
    unknown = list(cannot_tell(errors, names, n))
    small = [
        f"{name!r} has {len(seen)}"
        for name, seen in zip(names, members, strict=True)
        if len(seen) < 2 * FEWEST
    ]
    if small and not unknown:
        unknown = [
            f"too few held-out real images to check it with ({', '.join(small)}): {2 * FEWEST} of each are needed."
        ]
    if unknown:
        return Validation((), *about, tuple(unknown))
    cells, told = [], [k - 1] if k == 2 else range(k)
    for group in told:
        for share in shares:
            target = np.full(k, (1 - share) / (k - 1))
            target[group] = share
            cells.append(_cell(members, names[group], group, target, n, repeats, seed))
    return Validation(tuple(cells), *about)


def _cell(members, name, group, target, n, repeats, seed):
    rng, k = np.random.default_rng((seed, Stream.VALIDATION, group, round(1e6 * target[group]))), len(members)
    halves = np.array([len(seen) // 2 for seen in members])
    left = np.array([len(seen) for seen in members]) - halves
    wanted = np.minimum(
        allot(int(min(n, *left / target)), target), left
    )  # rounding up may ask for one too many
    n, truth = int(wanted.sum()), wanted / wanted.sum()
    found = []
    for repeat in range(repeats):
        parts = [np.split(rng.permutation(seen), [half]) for seen, half in zip(members, halves, strict=True)]
        confusion = np.stack([np.bincount(known, minlength=k) for known, _ in parts])
        drawn = [new[:size] for (_, new), size in zip(parts, wanted, strict=True)]
        counts = np.bincount(np.concatenate(drawn), minlength=k)
        low, high = bootstrap_interval(counts, confusion, LEVEL, seed=repeat)[group]
        off = target_test(counts, confusion, truth, seed=repeat).p_value < 1 - LEVEL
        middle = corrected_proportions(counts, confusion)[group]
        found.append((low <= truth[group] <= high, off, high - low, middle - truth[group]))
        advance(STAGE)
    return Cell(name, float(truth[group]), n, *map(float, np.mean(found, axis=0)))
