"""Figures 3 to 5 of On the Fairness of GANs: what stacked GANs make of equal and of unequal groups."""

from repfair_keras.papers import group_looks
from repfair_keras.papers.corrected import SHARES_ARE
from repfair_keras.papers.end_of_training import end_rows
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.gaps import EQUAL, GAP_RULE, favour_part, lost_text, unequal_part
from repfair_keras.papers.plots import sample_means
from repfair_keras.papers.repfair.pictures import draw_groups
from repfair_keras.papers.run_rows import (
    NO_RUN,
    SEEDS,
    each_text,
    mean_text,
    n_known,
    percent_text,
    stand_in,
    stand_in_note,
)
from repfair_keras.papers.verdict import INTERVAL_RULE, MAJORITY_RULE, judge, majority_part
from repfair_keras.reporting.markdown.text import table

STACKED = "stacked_gan"
NAME = "the stacked GAN"
ALL = 0.01  # of the images: a group below it counts as not made at all
UNEQUAL = (0.3, 0.7)
ALL_RULE = f"All samples come from one group if the other has less than {100 * ALL:g} % of them."
EXPLAINED = (
    f"Of the images generated at the end of training, as in the paper. {SHARES_ARE} The gap is the larger "
    "minus the smaller share of a run; shares above the panels are counts. Intervals are 95 % t intervals "
    "over seeds."
)
LOOKS = (
    "Brightness is the mean pixel, 0 black to 1 white; bright corners are images whose four corner pixels "
    "have a mean above one half."
)
SIZES = {"mnist": (70_000,), "svhn": (73_257,)}


def sample_rows(records):
    """Returns the rows of `end_rows` with `share/<group>`, not corrected, and `brightness`."""
    pairs = zip(records, end_rows(records), strict=True)
    return [{**row, **sample_means.columns_of(record["report"])} for record, row in pairs]


def measure_balanced(material, dataset):
    """Figures 3 and 5: are the groups unequal, in most trainings, though the data have them equally?"""
    rows = sample_rows(material.records)
    known = [row["end_gap"] for row in rows if row["end_gap"] is not None]
    parts = [
        unequal_part(rows, NAME, key=True, when="end"),
        majority_part(
            f"{NAME} has a gap above {100 * EQUAL:g} points", sum(g > EQUAL for g in known), len(known)
        ),
    ]
    return _judged(material, rows, parts, dataset, [GAP_RULE], _missing(rows, "equal groups"))


def measure_unequal(material):
    """Figure 4: do all samples come from the group that has more images?"""
    rows = sample_rows(material.records)
    groups = material.records[0]["data"]["groups"] if rows else ("", "")
    parts, missing, alone = [], [], []
    for share in UNEQUAL:
        mine = [row for row in rows if row["training_share"] == share]
        missing.append(_missing(mine, f"{100 * share:g} %"))
        alone += _alone(mine, groups[share < 0.5])
        parts += _unequal_parts(mine, share, groups) if rows else []
    told = "all samples come from the over-represented group, trainings of both kinds,"
    parts.insert(0, majority_part(told, sum(alone), len(alone), of="trainings"))
    return _judged(material, rows, parts, "mnist", [ALL_RULE], " ".join(filter(None, missing)))


def _unequal_parts(rows, share, groups):
    more, fewer = groups[share > 0.5], groups[share < 0.5]
    alone = _alone(rows, fewer)
    told = f"with {100 * share:g} % {groups[1]} "
    favoured = favour_part(rows, more, NAME, "end")
    lost = majority_part(f"{told}all samples are {more}", sum(alone), len(alone), key=False)
    return [favoured._replace(text=told + favoured.text), lost]


def _alone(rows, fewer):
    """For each measured run, whether the rarer group has as good as no sample."""
    return [row[f"end_share/{fewer}"] < ALL for row in rows if row["end_share"] is not None]


def _missing(rows, of):
    n = n_known(rows, "end_gap")
    return "" if n >= SEEDS else f"At least {SEEDS} measured seeds are needed; of {of} there are {n}."


def _judged(material, rows, parts, dataset, rules, missing):
    told = [stand_in(material.records, dataset), *_texts(material.records, rows)]
    flat = [{name: value for name, value in row.items() if name != "brightness"} for row in rows]
    rules = [INTERVAL_RULE, MAJORITY_RULE, *rules]
    return judge(flat, "\n\n".join(filter(None, told)), [] if missing else parts, rules, missing)


def _texts(records, rows):
    if not rows:
        yield NO_RUN
        return
    group = records[0]["data"]["groups"][1]
    header = [
        f"{group} in the data",
        "seeds",
        f"{group} (%)",
        "gap",
        "lost a group",
        "undecided",
        "right label",
    ]
    yield table(
        header, [_line(rows, share, group) for share in sorted({row["training_share"] for row in rows})]
    )
    yield EXPLAINED


def _line(rows, share, group):
    mine = [row for row in rows if row["training_share"] == share]
    return [
        f"{100 * share:g} %",
        str(len(mine)),
        each_text(mine, f"end_share/{group}", 100),
        mean_text(mine, "end_gap", 100, " points", 0, 1),
        lost_text(mine, "runs"),
        *(percent_text(mine, name) for name in ("end_undecided", "end_right_label")),
    ]


def draw(material, dataset, threshold=None):
    """Draws figure 3, 4 or 5; `None` without records."""
    if not material.records:
        return None
    groups, note = material.records[0]["data"]["groups"], stand_in_note(material.records, dataset)
    return sample_means.draw(sample_rows(material.records), groups, threshold, note)


def _looks(number, dataset, claim):
    """Figure 1 or 2: the groups of a data set."""
    return PaperFigure(
        title=f"On the Fairness of GANs, figure {number}: the groups of {group_looks.PAPER_NAMES[dataset]}",
        claim=claim,
        sweep=None,
        measure=lambda material: group_looks.measure(material, (dataset,), SIZES, LOOKS),
        draw=draw_groups,
        select={},
        shows=(dataset,),
    )


GANS_1 = _looks(
    1,
    "mnist",
    "Some of the digits of MNIST are inverted: white digits have a white background, black ones a black one "
    "(section III-A, Figure 1). MNIST has 70,000 images.",
)
GANS_2 = _looks(
    2,
    "svhn",
    "Some of the 73,257 images of SVHN are darkened: their brightness is halved (section III-A, Figure 2).",
)

GANS_3 = PaperFigure(
    title="On the Fairness of GANs, figure 3: samples of ten trainings on equal groups",
    claim=(
        "Ten stacked GANs were trained on MNIST, half of it inverted. The groups of their samples, 100 of "
        "each class, told apart by a mean pixel above 0.5, are hardly ever equal: some trainings make mostly "
        "white digits, some mostly black ones (section III-B, Figure 3; no numbers printed)."
    ),
    sweep="stacked_mnist",
    measure=lambda material: measure_balanced(material, "mnist"),
    draw=lambda material: draw(material, "mnist", 0.5),
    select={"method": STACKED, "share": 0.5},
)

GANS_4 = PaperFigure(
    title="On the Fairness of GANs, figure 4: samples of trainings on unequal groups",
    claim=(
        "Trained on 70 % white and 30 % black digits, or the opposite, in most cases all of a thousand "
        "samples of a stacked GAN come from the over-represented group (section III-B, Figure 4; no numbers "
        "printed)."
    ),
    sweep="stacked_mnist",
    measure=measure_unequal,
    draw=lambda material: draw(material, "mnist", 0.5),
    select={"method": STACKED, "share": UNEQUAL},
)

GANS_5 = PaperFigure(
    title="On the Fairness of GANs, figure 5: samples of five trainings on photographs",
    claim=(
        "Five stacked GANs trained on SVHN, half of it darkened, make the groups in shares that differ from "
        "training to training and, in most cases, from those of the data (section III-C, Figure 5; no "
        "numbers printed)."
    ),
    sweep="stacked_shaded",
    measure=lambda material: measure_balanced(material, "svhn"),
    draw=lambda material: draw(material, "svhn"),
    select={"method": STACKED, "share": 0.5},
)
