"""Ablations: Algorithm 1 repairs only if the gap closes and quality stays."""

import pytest
from toy_figures import ALGORITHM_1, measured, set_log, set_log_share, states
from toy_records import toy_records

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN
from repfair_keras.papers.repfair.ablations import FIGURE


def ablation_records(gan, repfair, undecided=0.05, right_label=0.9):
    """Runs with these late shares of the second group, and this quality of RepFair's; all else is equal."""
    records = toy_records(method=["gan", "repfair"], seed=list(range(len(gan))))
    for record in records:
        mine = record["config"]["method"] == "repfair"
        set_log_share(record, (repfair if mine else gan)[record["config"]["seed"]])
        set_log(record, undecided=0.05)
        report = record["report"]
        report["undecided"] = undecided if mine else 0.05
        report["label_agreement"]["overall"] = right_label if mine else 0.9
        report["quality"]["by_group"]["kid"]["by_group"] = [0.05, None]
    return records


SKEWED, EVEN = [0.60, 0.41, 0.62, 0.59, 0.40, 0.58], [0.49, 0.51, 0.52, 0.515, 0.485, 0.48]


@pytest.mark.parametrize(
    ("records", "verdict", "said"),
    [
        (ablation_records(SKEWED, EVEN), HOLDS, "shown: RepFair-GAN changes right labels by 0 points"),
        (
            ablation_records(SKEWED, EVEN, undecided=0.2),
            IN_PART,
            "contradicted: RepFair-GAN changes undecided",
        ),
        (ablation_records(SKEWED, EVEN, right_label=0.8), IN_PART, "contradicted: RepFair-GAN changes right"),
        (ablation_records(SKEWED, EVEN, undecided=0.065), HOLDS, "shown: RepFair-GAN changes undecided"),
        (
            ablation_records(SKEWED[:3], EVEN[:3]),
            IN_PART,
            "left open: **RepFair-GAN's gap is smaller in 3",
        ),
        (ablation_records([0.53, 0.47, 0.54] * 2, EVEN), IN_PART, "contradicted: the plain GAN has a gap"),
        (ablation_records(SKEWED, [0.44, 0.45, 0.55] * 2), IN_PART, "left open: RepFair-GAN has a gap"),
        (ablation_records([0.0, 0.5, 1.0], [0.45, 0.47, 0.53]), OPEN, "smaller in 2 of 3 seeds"),
        (ablation_records([0.0, 1.0, 0.0], [0.5] * 3), OPEN, "is -100 points (-100 to -100, 3 seeds)"),
        (
            ablation_records(EVEN, SKEWED),
            FAILS,
            "contradicted: **RepFair-GAN's gap is smaller in 0 of 6",
        ),
        (ablation_records([0.5, 0.5, 1.0], [0.47, 0.47, 0.53]), OPEN, "smaller in 1 of 3 seeds"),
    ],
)
def test_algorithm_1_repairs_only_if_the_gap_closes_and_quality_stays(records, verdict, said):
    found = measured(FIGURE, records)
    assert found.verdict == verdict, found.why
    assert any(said in f"{state}: {text}" for text, state in found.parts)


def test_a_quality_that_scatters_stays_open():
    records = ablation_records(SKEWED, EVEN)
    for record, right in zip(records[6:], (0.99, 0.75, 0.9) * 2, strict=True):
        record["report"]["label_agreement"]["overall"] = right
    assert "right labels" in states(measured(FIGURE, records), "left open")


def test_ablations_say_how_many_runs_lost_a_group():
    records = toy_records(method=ALGORITHM_1, seed=[0, 1, 2])
    for record in records:
        set_log_share(
            record, 0.02 if record["config"]["seed"] and record["config"]["method"] == "gan" else 0.5
        )
    lines = measured(FIGURE, records).text.splitlines()
    ends = {line.split(" | ")[0]: line.split(" | ")[-2] for line in lines[2:7]}
    assert ends["| plain GAN"][:11] == "2 of 3 runs" and ends["| RepFair-GAN"][:6] == "0 of 3"
    assert "- clipping only: 0 points" in measured(FIGURE, records).text
