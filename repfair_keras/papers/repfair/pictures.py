"""Figures 2, 6 and 7 of RepFair-GAN: pictures of the groups, and of what both methods generate."""

from repfair_keras.papers import group_looks
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.plots import pictures
from repfair_keras.papers.repfair.same_quality import (
    EXPLAINED,
    RULE,
    other_extractors,
    quality_parts,
    quality_rows,
    quality_table,
)
from repfair_keras.papers.run_rows import GAN, REPFAIR, missing_seeds, stand_in, stand_in_note
from repfair_keras.papers.verdict import judge

METHODS = (GAN, REPFAIR)
SHOWN_SEEDS = 3  # the first ones, whatever they look like


def measure(material, dataset):
    """Figures 6 and 7: are RepFair-GAN's images as good as the plain GAN's?

    Args:
        material: `Material`.
        dataset: name of the paper's data set.

    Returns:
        `Measured`.
    """
    rows = quality_rows(material.records)
    groups = material.records[0]["data"]["groups"] if rows else []
    missing = missing_seeds(rows, METHODS, "undecided") or other_extractors(rows)
    parts = [] if missing else quality_parts(rows, groups)
    told = [stand_in(material.records, dataset)]
    told += (
        [quality_table(rows, groups), EXPLAINED] if rows else ["No run of either method has been recorded."]
    )
    return judge(rows, "\n\n".join(filter(None, told)), parts, [RULE], missing)


def draw(material, dataset):
    """Draws figure 6 or 7: samples of the first seeds of both methods."""
    rows = [
        {**row, "picture": record["picture"]}
        for row, record in zip(quality_rows(material.records), material.records, strict=True)
    ]
    seeds = sorted({row["seed"] for row in rows})[:SHOWN_SEEDS]
    groups = material.records[0]["data"]["groups"] if rows else []
    rows = [row for row in rows if row["seed"] in seeds]
    if not any(row["picture"] for row in rows):  # they were not kept beside the records
        return None
    return pictures.draw_samples(rows, groups, METHODS, stand_in_note(material.records, dataset))


def draw_groups(material):
    """Draws figure 2."""
    names = [group_looks.heading(paper, data) for paper, data in material.data.items()]
    return pictures.draw_data(list(material.data.values()), names)


FIGURE_2 = PaperFigure(
    title="Figure 2: the groups of MNIST and SVHN",
    claim=(
        "Each data set is divided into two groups: 60,000 digits of MNIST, some with a black and some with "
        "a white background; 73,256 of SVHN, some normal and some under a black overlay (section 4.1, "
        "Figure 2)."
    ),
    sweep=None,
    measure=group_looks.measure,
    draw=draw_groups,
    select={},
    shows=("mnist", "svhn"),
)

FIGURE_6 = PaperFigure(
    title="Figure 6: photographs of the plain GAN and of RepFair-GAN",
    claim=(
        "On SVHN, half of it shaded, RepFair-GAN generates both groups uniformly, with images of a quality "
        "similar to the plain GAN's (section 4.2, Figure 6, judged by eye). Shares are the matter of figure"
        " 5; here it is quality."
    ),
    sweep="shaded_shares",
    measure=lambda material: measure(material, "svhn"),
    draw=lambda material: draw(material, "svhn"),
    select={"method": METHODS, "share": 0.5},
)

FIGURE_7 = PaperFigure(
    title="Figure 7: digits of the plain CGAN and of RepFair-GAN",
    claim=(
        "On MNIST, half of each class inverted, RepFair-GAN generates both groups of each digit equally "
        "often while preserving the quality of the plain CGAN (section 4.2, Figure 7, judged by eye). "
        "Shares are the matter of figure 4; here it is quality."
    ),
    sweep="mnist_methods",
    measure=lambda material: measure(material, "mnist"),
    draw=lambda material: draw(material, "mnist"),
    select={"method": METHODS},
)
