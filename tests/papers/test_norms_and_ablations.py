"""What is measured for figures 1 and 3, the ablations and the course of training, and when a claim holds."""

import math

import pytest
from toy_records import toy_records

from repfair_keras.figures.names import METHOD_NAMES
from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN, UNTESTED, VERDICTS, Material
from repfair_keras.papers.repfair.ablations import ABLATIONS, method_rows
from repfair_keras.papers.repfair.norm_rows import agreement, norm_rows
from repfair_keras.papers.repfair.norms import FIGURE_1, FIGURE_3
from repfair_keras.papers.repfair.over_training import OVER_TRAINING, settled_since, settling_rows
from repfair_keras.papers.run_rows import binomial_interval, stand_in, stand_in_note
from repfair_keras.reporting.image_row import to_csv

ALL = {"figure 1": FIGURE_1, "figure 3": FIGURE_3, "ablations": ABLATIONS, "training": OVER_TRAINING}
METHODS = list(METHOD_NAMES)[:5]


def measured(figure, records):
    return figure.measure(Material(records, {}))


def states(found, state):
    """Texts of the parts in this state, as one."""
    return "\n".join(text for text, mine in found.parts if mine == state)


def shaded(seeds, **more):
    grid = {"method": ["gan"], "share": [0.5], "seed": list(seeds), "epochs": [8], **more}
    return toy_records(dataset=["cifar10"], grouping=["shade"], use_labels=[False], **grid)


def set_log(record, **columns):
    """Replaces columns of a record's log: a list of values, one per row, or one value."""
    for index, row in enumerate(record["log"]):
        row |= {
            name.replace("__", "/"): values[index] if isinstance(values, list) else values
            for name, values in columns.items()
        }
    return record


def set_share(record, share):
    """Makes the share of the second group the same in all rows of the log."""
    first, second = record["data"]["groups"]
    return set_log(record, **{f"share__{first}": 1 - share, f"share__{second}": share})


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL)
def test_no_records_are_said_to_be_missing(figure):
    found = measured(figure, [])
    assert (found.rows, found.verdict, figure.draw(Material([], {}))) == ([], UNTESTED, None)
    assert "None of the runs" in found.text and "At least 3 seeds" in found.why


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL)
def test_two_seeds_decide_nothing(figure):
    records = toy_records(method=METHODS, seed=[0, 1], epochs=[8])
    found = measured(figure, records)
    assert found.verdict == UNTESTED and "plain GAN 2" in found.why
    assert len(found.rows) == len(records) and to_csv(found.rows).count("\n") == len(records) + 1
    assert figure.draw(Material(records, {})) is not None


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL)
def test_one_seed_of_a_group_that_never_occurs_is_measured(figure):
    (record,) = toy_records(method=["gan"], epochs=[8])
    for row in record["log"]:
        row |= {"undecided": 1.0, "right_label": 0.1}
        for column in [column for column in row if column.startswith(("share/", "kid/"))]:
            del row[column]
    record["report"] |= {"proportions": None, "quality": None, "label_agreement": None, "corrected": None}
    found = measured(figure, [record])
    assert found.verdict == UNTESTED and "None" not in found.text
    assert figure.draw(Material([record], {})) is not None


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL)
def test_every_figure_says_its_rule_and_names_the_stand_in(figure):
    found = measured(figure, toy_records(dataset=["mnist_5k"], method=METHODS, seed=[0, 1, 2], epochs=[8]))
    assert found.verdict in VERDICTS[:4] and found.parts and found.rule
    assert found.text.startswith("**Stand-in:** the paper used ") and "mnist\\_5k" in found.text
    assert {row["seed"] for row in found.rows} == {0, 1, 2}


def test_only_other_data_is_a_stand_in():
    records = toy_records(dataset=["mnist", "mnist_5k"])
    assert stand_in(records[:1], "mnist") == stand_in_note(records[:1], "mnist") == ""
    assert stand_in_note(records, "mnist") == "stand-in: mnist_5k in place of the paper's mnist"


def test_exact_interval_worked_out_by_hand():
    # Six of six: the lower end p solves p^6 = 0.025; five of five: p^5 = 0.025, below one half.
    assert binomial_interval(6, 6) == pytest.approx((0.025 ** (1 / 6), 1))
    assert binomial_interval(5, 5)[0] < 0.5 < binomial_interval(6, 6)[0]
    assert binomial_interval(0, 3) == pytest.approx((0, 1 - 0.025 ** (1 / 3)))


def test_norms_of_a_run_by_hand():
    (record,) = shaded([0])
    set_share(record, 0.6)
    normal = [4.0, 4.0, 9.0, 9.0, 1.0, 1.0, 2.0, 2.0]
    shaded_norms = [2.0, 2.0, 9.0, 9.0, 15.0, 15.0, 15.0, 15.0]
    set_log(record, d_grad_norm__normal=normal, d_grad_norm__shaded=shaded_norms)
    (row,) = norm_rows([record])
    assert (row["early_norm/normal"], row["late_norm/normal"], row["late_norm/shaded"]) == (4, 1.5, 15)
    assert (row["early_norm_ratio"], row["late_norm_ratio"]) == (0.5, 10)
    assert (row["early_ratio_log10"], row["late_ratio_log10"]) == pytest.approx((math.log10(2), 1))
    assert (row["early_larger_wins"], row["late_larger_wins"]) == (False, True)
    assert row["late_share"] == pytest.approx(0.6) and row["late_gap"] == pytest.approx(0.2)


def test_ties_and_zero_norms_are_not_counted():
    records = shaded(range(4))
    for record, share, norm in zip(records, (0.6, 0.5, 0.6, 0.2), (2.0, 2.0, 0.0, 2.0), strict=True):
        set_log(set_share(record, share), d_grad_norm__normal=1.0, d_grad_norm__shaded=norm)
    assert [row["late_larger_wins"] for row in norm_rows(records)] == [True, None, None, False]
    assert agreement(norm_rows(records), "late") == (1, 2)


def figure_1_records(n, share=0.60, loses=0, late=4.0):
    """n runs in which the larger norm wins except in `loses`; norms drift apart from 1 to `late`."""
    records = shaded(range(n))
    for k, record in enumerate(records):
        norms = [1.1] * 4 + [late + 0.01 * k] * 4
        ones = [1.0] * 8
        names = ("normal", "shaded") if k < loses else ("shaded", "normal")
        set_log(
            set_share(record, share + 0.005 * (-1) ** k),
            **{f"d_grad_norm__{names[0]}": norms, f"d_grad_norm__{names[1]}": ones},
        )
    return records


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        (figure_1_records(6), HOLDS),
        (figure_1_records(6, late=0.90), FAILS),  # the other group's norm is larger late
        (figure_1_records(6, late=1.05), IN_PART),  # the norms do not drift apart
        (figure_1_records(6, share=0.40, loses=6), IN_PART),  # the normal images win
        (figure_1_records(6, share=0.65), IN_PART),  # 30 points are not 20
        (figure_1_records(6, share=0.52), IN_PART),  # a gap of 4 points
        (figure_1_records(5), OPEN),  # five of five may be chance
        (figure_1_records(6, loses=1), OPEN),
        (figure_1_records(6, loses=3), OPEN),
    ],
)
def test_figure_1_holds_only_if_the_larger_norm_wins_beyond_chance(records, verdict):
    found = measured(FIGURE_1, records)
    assert found.verdict == verdict, found.why


def test_figure_1_says_how_many_seeds_agree():
    found = measured(FIGURE_1, figure_1_records(6, loses=1))
    assert "5 of 6 seeds (exact 95 % interval 35.9 % to 99.6 %)" in found.why
    assert "| seed 5 |" in found.text


def figure_3_records(ratios, early=1.1):
    """Runs with these late ratios: a dict of method to a list, one per seed."""
    records = toy_records(method=list(ratios), seed=list(range(len(ratios["gan"]))), epochs=[8])
    for record in records:
        late = ratios[record["config"]["method"]][record["config"]["seed"]]
        set_log(record, d_grad_norm__black=1.0, d_grad_norm__white=[early] * 4 + [late] * 4)
    return records


@pytest.mark.parametrize(
    ("ratios", "early", "verdict"),
    [
        ({"gan": [10, 11, 12] * 2, "repfair": [1.1, 1.2, 1.1] * 2}, 1.1, HOLDS),
        ({"gan": [0.1, 11, 12] * 2, "repfair": [1.1, 0.9, 1.1] * 2}, 1.1, HOLDS),  # whichever group it is
        ({"gan": [10, 11, 12] * 2, "repfair": [1.1, 1.2, 1.1] * 2}, 20, IN_PART),  # it shrinks
        ({"gan": [10, 11, 12], "repfair": [1.1, 1.2, 1.1]}, 1.1, IN_PART),  # three of three may be chance
        ({"gan": [1.3, 100, 12], "repfair": [1.2, 1.2, 1.1]}, 1.1, OPEN),  # below in every seed, unevenly
        ({"gan": [1.3, 100, 1.1], "repfair": [1.2, 1.2, 1.2]}, 1.1, OPEN),
        ({"gan": [1.1, 1.1, 1.2], "repfair": [10, 11, 12]}, 1.1, FAILS),
    ],
)
def test_figure_3_holds_only_if_the_norms_stay_closer_than_the_plain_gans(ratios, early, verdict):
    found = measured(FIGURE_3, figure_3_records(ratios, early))
    assert found.verdict == verdict, found.why


def test_figure_3_tells_the_parts_apart():
    ratios = {"gan": [10] * 3, "repfair": [1] * 3, "alternation_only": [100] * 3, "clipping_only": [10] * 3}
    lines = measured(FIGURE_3, figure_3_records(ratios)).text.splitlines()
    apart = {line.split(" | ")[0]: line.split(" | ")[4] for line in lines if line.startswith("| ")}
    assert apart["| plain GAN"] == "-"
    assert apart["| RepFair-GAN"].startswith("-1 (") and apart["| alternation only"].startswith("1 (")
    assert apart["| clipping only"].startswith("0 (")


def ablation_records(gan, repfair, undecided=0.05, right_label=0.9):
    """Runs with these late shares of the second group, and this quality of RepFair's; all else is equal."""
    records = toy_records(method=["gan", "repfair"], seed=list(range(len(gan))))
    for record in records:
        mine = record["config"]["method"] == "repfair"
        set_share(record, (repfair if mine else gan)[record["config"]["seed"]])
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
    found = measured(ABLATIONS, records)
    assert found.verdict == verdict, found.why
    assert any(said in f"{state}: {text}" for text, state in found.parts)


def test_methods_are_compared_over_common_seeds_only():
    records = toy_records(method=["gan"], seed=[0, 1, 2]) + toy_records(method=["repfair"], seed=[1, 2, 3])
    for figure in (FIGURE_3, ABLATIONS):
        found = measured(figure, records)
        assert found.verdict == UNTESTED and "have 2 seeds in common" in found.why


def test_a_quality_that_scatters_stays_open():
    records = ablation_records(SKEWED, EVEN)
    for record, right in zip(records[6:], (0.99, 0.75, 0.9) * 2, strict=True):
        record["report"]["label_agreement"]["overall"] = right
    assert "right labels" in states(measured(ABLATIONS, records), "left open")


def test_a_classifier_that_errs_on_one_group_makes_no_gap():
    """Half of the white images are undecided, a tenth of the black ones taken for white: both are even."""
    (record,) = toy_records(method=["gan"])
    confusion = {"confusion_decided": [[900, 100], [0, 500]], "undecided_real_by_group": [0, 500]}
    record["report"]["classifier"] |= confusion
    record["report"]["by_class"] = [[0.45 / 0.75, 0.30 / 0.75], None]
    set_share(record, 0.30 / 0.75)
    (row,) = method_rows([record])
    assert row["late_gap"] == pytest.approx(0) and row["late_raw_gap"] == pytest.approx(0.2)
    assert row["late_share/white"] == pytest.approx(0.5)
    assert row["late_raw_share/white"] == pytest.approx(0.4)
    assert row["corrected_class_gap"] == pytest.approx(0)
    confusion["confusion_decided"] = [[500, 500], [250, 250]]
    record["report"]["classifier"] |= confusion
    (row,) = method_rows([record])
    assert row["late_gap"] is None and row["late_raw_gap"] == pytest.approx(0.2)


def test_rows_of_methods_have_late_means_and_the_report():
    (record,) = toy_records(method=["gan"])
    set_log(record, **{"share__black": [0.5] * 5 + [0.95], "share__white": [0.5] * 5 + [0.05]})
    set_log(record, undecided=[1.0, 1.0, 1.0, 0.1, 0.2, 0.3])
    record["report"]["quality"]["by_group"]["kid"]["by_group"] = [0.07, 0.04]
    (row,) = method_rows([record])
    assert row["late_share/white"] == row["late_share"] == pytest.approx((0.5 + 0.5 + 0.05) / 3)
    assert row["late_gap"] == pytest.approx(0.3) and row["lost_group"] is False
    assert row["late_undecided"] == pytest.approx(0.2) and row["late_kid/white"] is not None
    assert (row["method"], row["seed"], row["record"]) == ("gan", 0, record["id"])
    assert row["gap"] == record["report"]["gap"] and row["real_undecided"] == 0.012
    set_share(record, 0.05)
    assert method_rows([record])[0]["lost_group"] is True


def test_ablations_say_how_many_runs_lost_a_group():
    records = toy_records(method=METHODS, seed=[0, 1, 2])
    for record in records:
        set_share(record, 0.02 if record["config"]["seed"] and record["config"]["method"] == "gan" else 0.5)
    lines = measured(ABLATIONS, records).text.splitlines()
    ends = {line.split(" | ")[0]: line.split(" | ")[-2] for line in lines[2:7]}
    assert ends["| plain GAN"][:11] == "2 of 3 runs" and ends["| RepFair-GAN"][:6] == "0 of 3"
    assert "- clipping only: 0 points" in measured(ABLATIONS, records).text


def training_records(shares, seeds=3):
    """Eight checkpoints of the same shares for some seeds of the plain GAN and RepFair."""
    records = toy_records(method=["gan", "repfair"], seed=list(range(seeds)), epochs=[8])
    for record in records:
        log = shares if record["config"]["method"] == "gan" else [0.5] * 8
        set_log(record, share__white=log, share__black=[1 - share for share in log])
    return records


def test_movement_of_a_share_by_hand():
    row = settling_rows(training_records([0.0, 0.9, 0.3, 0.3, 0.5, 0.4, 0.5, 0.6]))[0]
    assert row["wander"] == pytest.approx(math.sqrt(0.02 / 3))  # of .5 .4 .5 .6
    assert row["drift"] == pytest.approx(0.1)  # .45 to .55
    assert (row["settled"], row["settled_since"], row["n_checkpoints"]) == (False, None, 4)


def test_a_share_has_settled_since_it_last_came_near():
    log = [{"step": step, "x": x} for step, x in enumerate([0.5, 0.9, 0.53, 0.48, 0.5, 0.5], 1)]
    log.insert(4, {"step": 4.5})
    assert settled_since(log, "x") == 3


@pytest.mark.parametrize(
    ("shares", "verdict", "said"),
    [
        ([0.1] * 4 + [0.50, 0.52, 0.50, 0.52], HOLDS, "6 of 6"),
        ([0.5] * 4 + [0.50, 0.50, 0.545, 0.545], OPEN, "3 of 6"),  # drifts, though it hardly wanders
        ([0.5] * 4 + [0.40, 0.60, 0.40, 0.60], OPEN, "3 of 6"),  # wanders, though it does not drift
    ],
)
def test_training_has_settled_only_if_shares_neither_wander_nor_drift(shares, verdict, said):
    found = measured(OVER_TRAINING, training_records(shares))
    assert found.verdict == verdict and said in found.why


@pytest.mark.parametrize(("n_moving", "verdict"), [(10, FAILS), (9, FAILS), (5, OPEN), (1, IN_PART)])
def test_training_has_settled_if_most_runs_have(n_moving, verdict):
    records = training_records([0.5] * 8, seeds=5)
    for record in records[:n_moving]:
        moving = [0.4, 0.6] * 4
        set_log(record, share__white=moving, share__black=moving[::-1])
    found = measured(OVER_TRAINING, records)
    assert found.verdict == verdict and f"{10 - n_moving} of 10" in found.why


def test_training_compares_early_with_late():
    records = training_records([0.5] * 8)
    for record in records:
        set_log(record, undecided=[0.4, 0.2, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1])
    line = next(line for line in measured(OVER_TRAINING, records).text.splitlines() if "→" in line)
    assert line.startswith("| plain GAN | 0.3 (3) → 0.1 (3) | ")
