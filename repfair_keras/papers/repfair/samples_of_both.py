"""What figures 6 and 7 share: samples of both methods, and whether RepFair-GAN's are as good."""

from matplotlib.figure import Figure

from repfair_keras.papers.clouds import clouds_text
from repfair_keras.papers.figure import Material, Measured
from repfair_keras.papers.page_text import NO_RUN_OF_EITHER, paragraphs, stand_in, stand_in_note
from repfair_keras.papers.plots import sample_pictures
from repfair_keras.papers.quality_parts import QUALITY_RULE, quality_parts
from repfair_keras.papers.quality_rows import EXPLAINED, other_extractors, quality_rows, quality_table
from repfair_keras.papers.run_rows import GAN, REPFAIR
from repfair_keras.papers.verdict import judge, missing_seeds

METHODS = (GAN, REPFAIR)
SHOWN_SEEDS = 3  # the first ones, whatever they look like


def measure(material: Material, dataset: str) -> Measured:
    """Are RepFair-GAN's images as good as the plain GAN's?

    Args:
        material: `Material`.
        dataset: name of the paper's data set.
    """
    rows = quality_rows(material.records)
    missing = missing_seeds(rows, METHODS, "undecided") or other_extractors(rows)
    missing = missing or clouds_text(material.records)
    parts = [] if missing else quality_parts(rows, material.groups)
    texts = [quality_table(rows, material.groups), EXPLAINED] if rows else [NO_RUN_OF_EITHER]
    text = paragraphs([stand_in(material.records, dataset), *texts])
    return judge(rows, text, parts, [QUALITY_RULE], missing)


def plot(material: Material, dataset: str) -> Figure | None:
    """Plots samples of the first seeds of both methods; `None` if they were not kept beside the records.

    Args:
        material: `Material`.
        dataset: name of the paper's data set.
    """
    quality = quality_rows(material.records)
    pictures = [record["picture"] for record in material.records]
    rows = [{**row, "picture": path} for row, path in zip(quality, pictures, strict=True)]
    seeds = sorted({row["seed"] for row in rows})[:SHOWN_SEEDS]
    rows = [row for row in rows if row["seed"] in seeds]
    if not any(row["picture"] for row in rows):
        return None
    note = stand_in_note(material.records, dataset)
    return sample_pictures.plot_side_by_side(rows, material.groups, METHODS, note)
