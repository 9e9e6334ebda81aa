"""The parts of a report that have a name of their own."""

from dataclasses import dataclass
from typing import Any, ClassVar

from repfair_keras.evaluation.json_part import Part

TRAINED_HERE = "trained here"


@dataclass(frozen=True, kw_only=True)
class Split(Part):
    """A metric over all images and in each group, or class, and how far these are apart.

    `metrics.disaggregation.Disaggregated` computes it.

    Args:
        overall: the metric over all images.
        by_group: one value per group; `None` where a group could not be measured.
        by_class: the same per class, of a split by classes.
        difference: largest minus smallest value.
        ratio: smallest over largest value.
        worst: name of the worst group, or class; `None` if one has no value.
        relative_to_real: each value over that of real images in its place; `None` where it has no meaning.
    """

    OPTIONAL: ClassVar[tuple[str, ...]] = ("by_group", "by_class", "relative_to_real")

    overall: float | None = None
    by_group: list | None = None
    by_class: list | None = None
    difference: float | None = None
    ratio: float | None = None
    worst: str | None = None
    relative_to_real: list | None = None

    @property
    def values(self):
        """One value per group, or per class."""
        return self.by_class if self.by_group is None else self.by_group

    def in_worst(self, names):
        """Returns the value in the worst group, `None` if there is none.

        Args:
            names: of the groups, or classes.
        """
        return None if self.worst is None else self.values[list(names).index(self.worst)]


@dataclass(frozen=True, kw_only=True)
class BalanceTestResult(Part):
    """Test of a generator on target: name, statistic and p-value."""

    name: str | None = None
    statistic: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, kw_only=True)
class EpsilonResult(Part):
    """Epsilon of Definition 1, and what a generator on target gets; see `metrics.representation.Epsilon`."""

    distance: str | None = None
    epsilon: float | None = None
    repeats: int | None = None
    n: int | None = None
    balanced_mean: float | None = None
    balanced_quantile: float | None = None


@dataclass(frozen=True, kw_only=True)
class CorrectedShares(Part):
    """Shares and distances corrected for the classifier's errors.

    Args:
        proportions: one share per group; `None` if they are not known, then `note` says why.
        intervals: `[low, high]` per group: the noise of the sample and of the classifier's test.
        level: of these intervals; early reports do not say that theirs is 95 %.
        p_value: of a generator on target, seen through the classifier.
        gap, l1, kl, tv, fd, chebyshev: of these shares.
        on_target: whether all targets may hold at once, at that level.
        expected_undecided: share that would be undecided if the images were like real ones.
        condition: condition number of the classifier's rates.
        ill_conditioned: whether that is so large that the shares mean little.
        assumption: what the correction assumes.
        note: why there are no corrected shares.
        marginals: where groups are intersections: dict of attribute to dict of `values`, and for each of them its
            `target`, `proportions` and `intervals`.
        worst: where they are, the group whose share is the smallest part of its target.
    """

    proportions: list[float] | None = None
    intervals: list[list[float]] | None = None
    gap: float | None = None
    l1: float | None = None
    kl: float | None = None
    tv: float | None = None
    fd: float | None = None
    chebyshev: float | None = None
    level: float | None = None
    p_value: float | None = None
    on_target: bool | None = None
    expected_undecided: float | None = None
    condition: float | None = None
    ill_conditioned: bool | None = None
    assumption: str | None = None
    note: str | None = None
    marginals: dict[str, dict] | None = None
    worst: str | None = None

    def to_dict(self):
        """Returns what is known: a note alone where there are no corrected shares."""
        return {name: value for name, value in super().to_dict().items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class ClassifierErrors(Part):
    """Errors of the attribute classifier on real images that it was not trained on.

    Args:
        accuracy: overall.
        balanced_accuracy: mean recall over the groups.
        by_group: recall, the accuracy in each group.
        calibration_errors: expected calibration error in each group, in [0, 1].
        candidate: which network it is: `small` or `residual`, or one that was made elsewhere.
        confusion: counts, rows are the true group.
        confusion_decided: the same without undecided images.
        undecided_real: share of real images that are undecided.
        undecided_real_by_group: how many of each group are.
        confidence: least probability at which it decides, whatever real images have.
        max_undecided: share of each group's real images that may be undecided.
        thresholds: least probability at which it decides, by the group that an image leans to.
        made_elsewhere: whether it was; then nobody here knows what it was trained on.
    """

    OPTIONAL: ClassVar[tuple[str, ...]] = (  # early reports have none of these
        *("balanced_accuracy", "calibration_errors", "candidate", "max_undecided", "thresholds"),
        "made_elsewhere",
    )

    accuracy: float | None = None
    balanced_accuracy: float | None = None
    by_group: list[float] | None = None
    calibration_errors: list[float] | None = None
    candidate: str | None = None
    confusion: list[list[int]] | None = None
    confusion_decided: list[list[int]] | None = None
    undecided_real: float | None = None
    undecided_real_by_group: list[int] | None = None
    confidence: float | None = None
    max_undecided: float | None = None
    thresholds: list[float] | None = None
    made_elsewhere: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Judges(Part):
    """What several judges say of the groups; see `evaluation.images.judges.compare_judges`."""

    each: list[dict] | None = None
    ranges: list[list[float]] | None = None
    depends: bool | None = None


@dataclass(frozen=True, kw_only=True)
class NearestReal(Part):
    """The groups of the real images most like the generated ones; see `evaluation.images.nearest_real`."""

    n: int | None = None
    agreement: float | None = None
    proportions: list[float] | None = None
    recalls: list[float] | None = None
    expected: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, kw_only=True)
class RuleCount(Part):
    """What a simple rule counts in the place of the classifier, and how often it is right on real images."""

    proportions: list | None = None
    undecided: float | None = None
    accuracy: float | None = None
    by_group: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class Intersections(Part):
    """Groups crossed with a second attribute; see `evaluation.images.representation.intersections`."""

    OPTIONAL: ClassVar[tuple[str, ...]] = ("note",)

    attribute: str | None = None
    values: list[str] | None = None
    counts: list[list[int]] | None = None
    shares: list[list] | None = None
    within: list[list] | None = None
    cramers_v: float | None = None
    p_value: float | None = None
    undecided: float | None = None
    accuracy: float | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class AskedGroups(Part):
    """Whether images show the group asked for; see `evaluation.images.asked.asked_groups`."""

    OPTIONAL: ClassVar[tuple[str, ...]] = ("label_association", "label_association_training")

    n: list[int] | None = None
    seen: list[list[int]] | None = None
    undecided: list | None = None
    purity: list | None = None
    intervals: list | None = None
    corrected: list | None = None
    corrected_intervals: list | None = None
    purity_by_class: list[list] | None = None
    decided_by_class: list[list[int]] | None = None
    undecided_by_class: list[list] | None = None
    right_label_by_class: list[list] | None = None
    label_association: float | None = None
    label_association_training: float | None = None


@dataclass(frozen=True, kw_only=True)
class LabelAgreement(Split):
    """How often the judge sees the label asked for, and how often it is right on real images.

    Unlike another `Split`, it has values of the groups and of the classes.
    """

    judge_accuracy: float | None = None
    judge_by_group: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class Extractor(Part):
    """Which network of features quality was measured with.

    Args:
        name: what it is called; early reports, whose network was always trained on the real images, have none.
        hash: of its weights, or of its file.
        features: how many it gives.
        label_accuracy, group_accuracy: how often one that was trained here tells them of held-out real images.
    """

    OPTIONAL: ClassVar[tuple[str, ...]] = ("name",)

    name: str | None = None
    hash: str | None = None
    features: int | None = None
    label_accuracy: float | None = None
    group_accuracy: float | None = None

    @property
    def trained_here(self):
        """Whether it was trained on the real images that generated ones are compared with."""
        return self.name in (None, TRAINED_HERE)

    @property
    def called(self):
        """What it is called in a sentence, with its hash."""
        return f"extractor {self.hash}" if self.trained_here else f"{self.name} (hash {self.hash})"


@dataclass(frozen=True, kw_only=True)
class ImageQuality(Part):
    """How good images are, beside what real images reach in their place; see `evaluation.images.quality`.

    Args:
        extractor: `Extractor`.
        n, n_by_group, n_by_class: images on each side: of all, and of each group and class.
        overall, real: dict of metric to value, of generated and of real images; `None` if not measured.
        notes: sentences on what could not be measured.
        by_group, by_class, real_by_group, real_by_class: dict of metric to `Split`; empty if not measured.
    """

    extractor: Extractor | None = None
    n: int | None = None
    overall: dict[str, float | None] | None = None
    real: dict[str, float | None] | None = None
    notes: list[str] | None = None
    n_by_class: int | None = None
    by_class: dict[str, Split] | None = None
    real_by_class: dict[str, Split] | None = None
    n_by_group: int | None = None
    by_group: dict[str, Split] | None = None
    real_by_group: dict[str, Split] | None = None

    def to_dict(self):
        """Returns strict JSON, in which each split of generated images says how it relates to real ones."""
        stored = super().to_dict()
        for split in [*(stored["by_group"] or {}).values(), *(stored["by_class"] or {}).values()]:
            split.setdefault("relative_to_real", None)
        return stored


@dataclass(frozen=True, kw_only=True)
class CopyCheck(Part):
    """Whether generated images copy training images; see `metrics.memorisation`.

    Args:
        n, n_training: images that were compared.
        distance_ratio, nndr, nndr_real: medians of distances.
        suspects: `Split` of the share of images that may be copies.
        expected_suspects: that share among images as far from the training set as real ones.
        training_known: whether these are the images that the generator was trained on.
    """

    n: int | None = None
    n_training: int | None = None
    distance_ratio: float | None = None
    nndr: float | None = None
    nndr_real: float | None = None
    suspects: Split | None = None
    expected_suspects: float | None = None
    training_known: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Latents(Part):
    """What latents tell of the group, and how synthetic ones differ; see `evaluation.latent_report`.

    Args:
        leakage: dict of classifier to its accuracy and AUROC; `majority` is the accuracy of a guess.
        deviation_ratio: standard deviations of synthetic latents over those of real ones.
        mean_shift: means of synthetic latents minus those of real ones, in real standard deviations.
        n_test: held-out rows of each group.
        downstream: dict of metric to `[value, low, high]` of a classifier of the target, which sees latent
            and group.
        blind: the same from the latent alone.
    """

    leakage: dict[str, Any] | None = None
    deviation_ratio: list[float] | None = None
    mean_shift: list[float] | None = None
    n_test: list[int] | None = None
    downstream: dict[str, list] | None = None
    blind: dict[str, list] | None = None

    @property
    def aurocs(self):
        """Dict of classifier to the AUROC at which it tells the group from a latent."""
        leakage = self.leakage or {}
        return {name: reached["auroc"] for name, reached in leakage.items() if name != "majority"}


@dataclass(frozen=True, kw_only=True)
class TableQuality(Part):
    """Likeness of synthetic rows to real test rows; with `_real`, of training rows in their place."""

    columns: dict[str, float | None] | None = None
    column_similarity: float | None = None
    column_similarity_real: float | None = None
    pair_similarity: float | None = None
    pair_similarity_real: float | None = None
    neighbours: dict[str, float | None] | None = None
    neighbours_real: dict[str, float | None] | None = None


@dataclass(frozen=True, kw_only=True)
class Privacy(Part):
    """How close synthetic rows are to training rows; with `_held_out`, real test rows in their place."""

    distance: float | None = None
    distance_held_out: float | None = None
    copies: float | None = None
    copies_held_out: float | None = None
    closer_to_training: float | None = None


@dataclass(frozen=True, kw_only=True)
class Values(Part):
    """What is measured of the values of a finely numbered table; see `evaluation.tables.values_report`."""

    utility: dict[str, Any] | None = None
    shapes: dict[str, Any] | None = None
    trends: dict[str, Any] | None = None
    copying: dict[str, Any] | None = None
    membership: dict[str, Any] | None = None
    never_seen: dict[str, Any] | None = None
    sentinels_leaked: dict[str, Any] | None = None
    rules: dict[str, Any] | None = None
