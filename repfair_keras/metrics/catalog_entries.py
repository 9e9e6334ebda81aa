"""Every metric once: the entries of the catalogue, in the order in which it lists them."""

from functools import partial
from math import inf

from repfair_keras.metrics.metric_info import MetricInfo

_share = partial(MetricInfo, unit="%", factor=100, digits=1)
_points = partial(MetricInfo, unit="points", factor=100, digits=1, better="lower")
_distance = partial(MetricInfo, high=inf, digits=4, better="lower")
_length = partial(MetricInfo, high=inf)
_loss = partial(MetricInfo, low=-inf, high=inf)  # that of a Wasserstein critic has no end

REPRESENTATION = (
    MetricInfo("n", "n", "Images, or rows, that were measured.", digits=0, high=inf),
    MetricInfo("n_decided", "decided", "Images whose group is clear.", digits=0, high=inf),
    _share("share", "share", "Share of a group among the images whose group is clear, as counted."),
    _share("corrected", "corrected share", "Share of a group, corrected for the errors of the classifier."),
    _share(
        "corrected_low",
        "corrected share, lower end",
        "Lower end of the corrected share's interval, of the level that the report names.",
    ),
    _share(
        "corrected_high",
        "corrected share, upper end",
        "Upper end of the corrected share's interval, of the level that the report names.",
    ),
    _points("gap", "gap", "Largest minus smallest share, as counted.", axis="gap between the groups' shares"),
    _points(
        "corrected_gap",
        "gap, corrected",
        "Largest minus smallest share, corrected for the errors of the classifier.",
        axis="gap between the groups' shares, corrected",
    ),
    _points(
        "class_gap",
        "gap within classes",
        "Mean over the classes of the gap within each, as counted: a generator that makes each class in one "
        "group only may look balanced over all of them.",
        axis="mean gap between the groups' shares within classes",
    ),
    _points(
        "corrected_class_gap",
        "gap within classes, corrected",
        "Mean over the classes of the gap within each, corrected for the errors of the classifier.",
        axis="mean gap between the groups' shares within classes, corrected",
    ),
    _distance(
        "kl",
        "KL",
        "Kullback-Leibler divergence of the shares from the target.",
        "nats",
        digits=5,
        axis="KL from the target",
    ),
    _distance(
        "tv",
        "total variation",
        "Total variation distance of the shares from the target, half of L1.",
        high=1,
        axis="total variation from the target",
    ),
    _distance(
        "fd",
        "fairness discrepancy",
        "Fairness discrepancy: L2 distance of the shares from the target.",
        high=2**0.5,
        axis="fairness discrepancy from the target",
    ),
    _distance(
        "l1",
        "L1 distance",
        "Sum of the distances of the shares from their targets.",
        high=2,
        axis="L1 distance from the target",
    ),
    _points(
        "chebyshev",
        "largest distance of a share",
        "Chebyshev distance: largest distance of a share from its target.",
        axis="largest distance of a share from its target",
    ),
    _distance(
        "noise_floor",
        "noise floor of KL",
        "KL that a generator on target stays below in 95 % of samples of this size.",
        "nats",
        digits=5,
        better=None,
    ),
    MetricInfo(
        "p_value", "p", "P-value of a generator on target, with the errors of the classifier.", digits=4
    ),
    _distance(
        "epsilon",
        "epsilon",
        "Definition 1 of RepFair-GAN: largest KL over repeated samplings. A maximum is biased upwards.",
        "nats",
        axis="epsilon of Definition 1",
    ),
    _share(
        "undecided",
        "undecided",
        "Share of the images whose group is not clear.",
        better="lower",
        axis="undecided images",
    ),
    _share(
        "expected_undecided",
        "undecided if real",
        "Share that would be undecided if the images were like real ones.",
    ),
    MetricInfo(
        "condition",
        "condition number",
        "Condition number of the classifier's rates: what the correction multiplies the noise by.",
        low=1,
        high=inf,
        digits=2,
        better="lower",
    ),
    _share("purity", "purity", "Of the images made for a group, those that show it.", better="higher"),
    MetricInfo(
        "cramers_v",
        "Cramér's V",
        "Association of the group with a second attribute: 0 unrelated, 1 one fixes the other.",
        digits=2,
    ),
)
QUALITY = (
    MetricInfo("fid", "FID", "Fréchet distance of features.", high=inf, digits=2, better="lower"),
    MetricInfo(
        "kid",
        "KID",
        "Kernel distance of features: unbiased, so that it can be negative, which reads as 0.",
        unit="x 1000",
        factor=1000,
        digits=2,
        low=-inf,
        high=inf,
        better="lower",
    ),
    MetricInfo(
        "precision", "precision", "Share of what was generated that is near something real.", better="higher"
    ),
    MetricInfo(
        "recall", "recall", "Share of what is real that is near something generated.", better="higher"
    ),
    MetricInfo(
        "density",
        "density",
        "Real neighbourhoods around what was generated, on average; may exceed 1.",
        high=inf,
        better="higher",
    ),
    MetricInfo(
        "coverage",
        "coverage",
        "Share of real neighbourhoods that hold something generated.",
        better="higher",
    ),
)
IMAGES = (
    _share(
        "label_agreement",
        "right label",
        "Share of the images in which a classifier of labels sees the label asked for.",
        better="higher",
        axis="images with the label asked for",
    ),
    _share(
        "right_label",
        "right label",
        "Share of the images with the label asked for, measured during training.",
        better="higher",
    ),
    _share(
        "suspects",
        "possible copies",
        "Share of the images closer to a training image than 1 % of real images of that group are.",
        better="lower",
    ),
    _length(
        "distance_ratio",
        "distance to the nearest training image",
        "Median distance to the nearest training image over that between real images; copies: 0.",
    ),
    MetricInfo(
        "nndr",
        "nearest over second nearest distance",
        "Median of the distance to the nearest over that to the second nearest training image; copies: 0.",
    ),
    _share(
        "duplicates",
        "duplicates",
        "Share of the images that equal an earlier one of the sample.",
        better="lower",
    ),
)
CLASSIFIERS = (
    MetricInfo(
        "accuracy", "accuracy", "Share of the test cases that a classifier is right for.", better="higher"
    ),
    MetricInfo("auroc", "AUROC", "Area under the ROC curve of a classifier.", better="higher"),
    MetricInfo(
        "demographic_parity",
        "DP",
        "Demographic parity: difference between the groups' rates of positive predictions; 0 is equal.",
        better="lower",
        axis="demographic parity",
    ),
    MetricInfo(
        "ftu",
        "FTU",
        "Fairness through unawareness: how far the mean prediction moves when the group of all cases is "
        "changed; 0 for a classifier that ignores it.",
        better="lower",
    ),
    MetricInfo(
        "equalised_odds",
        "equalised odds",
        "The larger of the differences between the groups' true and false positive rates; 0 is equal.",
        better="lower",
    ),
    MetricInfo(
        "equal_opportunity",
        "equal opportunity",
        "Difference between the groups' true positive rates; 0 is equal.",
        better="lower",
    ),
    MetricInfo(
        "disparate_impact",
        "DP ratio",
        "Disparate impact, the demographic-parity ratio: smallest over largest rate of positive predictions of a "
        "group; 1 is equal.",
        better="higher",
        axis="disparate impact",
    ),
    MetricInfo(
        "equalised_odds_ratio",
        "EO ratio",
        "Equalised-odds ratio: the smaller of the ratios, smallest over largest group, of true and of false positive "
        "rates; 1 is equal.",
        better="higher",
        axis="equalised-odds ratio",
    ),
)
TABLES = (
    MetricInfo(
        "similarity",
        "likeness of columns",
        "One minus the total variation distance of a column from the real one, mean over the columns.",
        better="higher",
    ),
    MetricInfo(
        "pair_similarity",
        "likeness of pairs of columns",
        "One minus the total variation distance of the joint values of two columns, mean over the pairs.",
        better="higher",
    ),
    MetricInfo(
        "shapes",
        "likeness of columns, values as they are",
        "Column shapes: KSComplement of numbers and TVComplement of categories, mean over the columns.",
        better="higher",
    ),
    MetricInfo(
        "trends",
        "likeness of pairs, values as they are",
        "Column pair trends: CorrelationSimilarity of numbers and ContingencySimilarity, mean over the pairs.",
        better="higher",
    ),
    MetricInfo(
        "closer_to_training",
        "closer to a training row",
        "Share of synthetic rows closer to a training row than to a held-out one.",
        better="target",
        target=0.5,
    ),
    _share(
        "copies",
        "copies",
        "Share of rows that agree with a training row in every column, up to the bins of numbers.",
        better="lower",
    ),
    _share(
        "exact_copies",
        "exact copies",
        "Share of rows that equal a training row in every column, values as they are.",
        better="lower",
    ),
    MetricInfo(
        "membership",
        "AUROC of a membership attack",
        "How well training rows are told from held-out ones by their distance to synthetic rows; 0.5: not at all.",
        better="target",
        target=0.5,
    ),
    _share(
        "rules_broken",
        "rules broken",
        "Share of rows that break a rule between columns, of the rule that is broken most often.",
        better="lower",
    ),
    MetricInfo(
        "never_seen",
        "columns with values never seen",
        "Columns with categories that no training row has, or with numbers outside of their range.",
        digits=0,
        high=inf,
        better="lower",
    ),
    _length(
        "distance",
        "columns that differ",
        "Columns in which a row differs from the closest training row, mean over the rows.",
    ),
    MetricInfo(
        "proxy",
        "proxy",
        "Cramér's V of a proxy of the group, given in its place, with the prediction of a classifier.",
        better="lower",
    ),
)
LATENTS = (
    MetricInfo(
        "leak",
        "AUROC of the group from latents",
        "The larger AUROC of two classifiers that tell the group from a held-out latent; 0.5: nothing can be "
        "told.",
        better="lower",
    ),
    _length(
        "deviation_ratio",
        "deviation, synthetic over real",
        "Standard deviation of synthetic latents over that of real ones, in a dimension.",
        better="target",
        target=1.0,
    ),
    _length(
        "mean_shift",
        "shift of the mean",
        "Mean of synthetic latents minus that of real ones, in real standard deviations.",
        low=-inf,
        better="target",
        target=0.0,
    ),
)
TRAINING = (
    _length("d_grad_norm", "gradient norm", "L2 norm of the discriminator's gradient before clipping."),
    _length("step_norm", "step norm", "L2 norm of the discriminator's gradient after clipping."),
    MetricInfo("clip_fraction", "share of clipped steps", "Share of the steps whose gradient was clipped."),
    _loss("d_loss_real", "discriminator, real half", "Discriminator's loss on real images."),
    _loss("d_loss_fake", "discriminator, generated half", "Discriminator's loss on generated images."),
    _loss("d_loss", "discriminator's loss", "Discriminator's loss on the real images of a group."),
    _loss("g_loss", "generator", "Generator's loss."),
)
SECTIONS = {
    "Representation of the groups": REPRESENTATION,
    "Quality": QUALITY,
    "Images": IMAGES,
    "Classifiers trained on what was generated": CLASSIFIERS,
    "Tables": TABLES,
    "Latents": LATENTS,
    "Training log": TRAINING,
}
