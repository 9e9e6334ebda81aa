"""What figures 3 to 5 of On the Fairness of GANs share: samples of stacked GANs at the end of training."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from repfair_keras.papers.clouds import clouds_text
from repfair_keras.papers.corrected_shares import SHARES_ARE
from repfair_keras.papers.figure import Material, Measured
from repfair_keras.papers.gap_parts import EQUAL, GAP_RULE, unequal_part
from repfair_keras.papers.page_text import NO_RUN, paragraphs, stand_in, stand_in_note
from repfair_keras.papers.plots import sample_means
from repfair_keras.papers.run_rows import end_rows, n_known, of_share
from repfair_keras.papers.seed_statistics import SEEDS
from repfair_keras.papers.seed_text import gap_text, lost_text, percent_text, seeds_text
from repfair_keras.papers.verdict import INTERVAL_RULE, MAJORITY_RULE, Part, judge, majority_part
from repfair_keras.reporting.markdown.text import table

STACKED = "stacked_gan"
NAME = "the stacked GAN"
EXPLAINED = (
    f"Of the images generated at the end of training, as in the paper. {SHARES_ARE} The gap is the larger "
    "minus the smaller share of a run; shares above the panels are counts. Intervals are 95 % t intervals "
    "over seeds."
)


def sample_rows(records: list[dict]) -> list[dict]:
    """Returns the rows of `end_rows` with `share/<group>`, not corrected, and `brightness`."""
    pairs = zip(records, end_rows(records), strict=True)
    return [{**row, **sample_means.columns_of(record["report"])} for record, row in pairs]


def measure_equal_groups(material: Material, dataset: str) -> Measured:
    """Figures 3 and 5: are the groups unequal, in most trainings, though the data have them equally?

    Args:
        material: `Material`.
        dataset: name of the paper's data set.
    """
    rows = sample_rows(material.records)
    missing = missing_runs(rows, "equal groups") or clouds_text(material.records)
    return judged(material, rows, verdict(rows), dataset, [GAP_RULE], missing)


def verdict(rows: list[dict]) -> list[Part]:
    """The parts of the claim of figures 3 and 5."""
    gaps = [row["end_gap"] for row in rows if row["end_gap"] is not None]
    large = f"{NAME} has a gap above {100 * EQUAL:g} points"
    return [
        unequal_part(rows, NAME, key=True, when="end"),
        majority_part(large, sum(gap > EQUAL for gap in gaps), len(gaps)),
    ]


def missing_runs(rows: list[dict], of: str) -> str:
    """Returns what a verdict lacks, empty if enough runs were measured; `of` says of which data."""
    n = n_known(rows, "end_gap")
    return "" if n >= SEEDS else f"At least {SEEDS} measured seeds are needed; of {of} there are {n}."


def judged(
    material: Material,
    rows: list[dict],
    parts: list[Part],
    dataset: str,
    rules: list[str],
    missing: str,
) -> Measured:
    """Judges a claim, with the table that all three figures have.

    Args:
        material: `Material`.
        rows: of `sample_rows`.
        parts: the parts of the claim.
        dataset: name of the paper's data set.
        rules: sentences by which the parts were judged, beside those on intervals and counts.
        missing: what there is too little of to decide anything; empty: nothing.
    """
    text = paragraphs([stand_in(material.records, dataset), *_texts(material.groups, rows)])
    flat = [{name: value for name, value in row.items() if name != "brightness"} for row in rows]
    rules = [INTERVAL_RULE, MAJORITY_RULE, *rules]
    return judge(flat, text, [] if missing else parts, rules, missing)


def _texts(groups, rows) -> Iterator[str]:
    if not rows:
        yield NO_RUN
        return
    group = groups[1]
    columns = [f"{group} (%)", "gap", "lost a group", "undecided", "right label"]
    shares = sorted({row["training_share"] for row in rows})
    lines = [_line(of_share(rows, share), share, group) for share in shares]
    yield table([f"{group} in the data", "seeds", *columns], lines)
    yield EXPLAINED


def _line(rows, share, group):
    return [
        f"{100 * share:g} %",
        str(len(rows)),
        seeds_text(rows, f"end_share/{group}", 100),
        gap_text(rows, "end_gap"),
        lost_text(rows, "runs"),
        *(percent_text(rows, name) for name in ("end_undecided", "end_right_label")),
    ]


def plot(material: Material, dataset: str, threshold: float | None = None) -> Figure | None:
    """Plots how bright the samples of each training are; `None` without records.

    Args:
        material: `Material`.
        dataset: name of the paper's data set.
        threshold: brightness at which the paper parts the groups; `None`: it names none.
    """
    if not material.records:
        return None
    note = stand_in_note(material.records, dataset)
    return sample_means.plot(sample_rows(material.records), material.groups, threshold, note)
