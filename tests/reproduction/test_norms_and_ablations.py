"""What is measured for figures 1 and 3, the ablations and the course of training, and when a claim holds."""

import math

import pytest
from toy_records import toy_records

from repfair_keras.evaluation.row import to_csv
from repfair_keras.figures.paper.names import METHOD_NAMES
from repfair_keras.reproduction.ablations import ABLATIONS
from repfair_keras.reproduction.definition import FAILS, HOLDS, IN_PART, UNTESTED, VERDICTS, Material
from repfair_keras.reproduction.method_rows import method_rows
from repfair_keras.reproduction.norm_rows import agreement, norm_rows
from repfair_keras.reproduction.norms import FIGURE_1, FIGURE_3
from repfair_keras.reproduction.runs import binomial_interval, stand_in, stand_in_note
from repfair_keras.reproduction.settling import OVER_TRAINING, settled_since, settling_rows

ALL = {"figure 1": FIGURE_1, "figure 3": FIGURE_3, "ablations": ABLATIONS, "training": OVER_TRAINING}
METHODS = list(METHOD_NAMES)


def measured(figure, records):
    return figure.measure(Material(records, {}))


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
    assert found.verdict in VERDICTS[:3] and "Rule:" in found.why
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
    assert agreement(norm_rows(records), "late")[:2] == (1, 2)


def figure_1_records(n, share=0.62, loses=0, late=4.0):
    """n runs in which the larger norm wins except in `loses`; norms drift apart from 1 to `late`."""
    records = shaded(range(n))
    for k, record in enumerate(records):
        norms = [1.1] * 4 + [late + 0.01 * k] * 4
        ones = [1.0] * 8
        names = ("normal", "shaded") if k < loses else ("shaded", "normal")
        set_log(
            set_share(record, share), **{f"d_grad_norm__{names[0]}": norms, f"d_grad_norm__{names[1]}": ones}
        )
    return records


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        (figure_1_records(6), HOLDS),
        (figure_1_records(6, late=0.95), FAILS),  # the other group's norm is larger late
        (figure_1_records(6, late=1.05), IN_PART),  # the norms do not drift apart
        (figure_1_records(5), IN_PART),  # five of five may be chance
        (figure_1_records(6, loses=1), IN_PART),
        (figure_1_records(6, loses=3), FAILS),
        (figure_1_records(6, share=0.52), FAILS),  # a gap of 4 points
    ],
)
def test_figure_1_holds_only_if_the_larger_norm_wins_beyond_chance(records, verdict):
    found = measured(FIGURE_1, records)
    assert found.verdict == verdict, found.why


def test_figure_1_says_how_many_seeds_agree():
    found = measured(FIGURE_1, figure_1_records(6, loses=1))
    assert "5 of 6 seeds (83.3 %; exact 95 % interval 35.9 % to 99.6 %)" in found.why
    assert "| seed 5 |" in found.text


def figure_3_records(ratios, early=1.1):
    """Runs with these late ratios: a dict of method to a list, one per seed."""
    records = toy_records(method=list(ratios), seed=list(range(3)), epochs=[8])
    for record in records:
        late = ratios[record["config"]["method"]][record["config"]["seed"]]
        set_log(record, d_grad_norm__black=1.0, d_grad_norm__white=[early] * 4 + [late] * 4)
    return records


@pytest.mark.parametrize(
    ("ratios", "early", "verdict"),
    [
        ({"gan": [10, 11, 12], "repfair": [1.1, 1.2, 1.1]}, 1.1, HOLDS),
        ({"gan": [0.1, 11, 12], "repfair": [1.1, 0.9, 1.1]}, 1.1, HOLDS),  # whichever group it is
        ({"gan": [10, 11, 12], "repfair": [1.1, 1.2, 1.1]}, 20, IN_PART),  # it shrinks
        ({"gan": [1.3, 100, 12], "repfair": [1.2, 1.2, 1.1]}, 1.1, IN_PART),  # below in every seed, unevenly
        ({"gan": [1.3, 100, 1.1], "repfair": [1.2, 1.2, 1.2]}, 1.1, FAILS),
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


def ablation_records(gan, repfair, **repfair_log):
    """Runs with these late shares of the second group, and columns of RepFair's log; all else is equal."""
    records = toy_records(method=["gan", "repfair"], seed=list(range(len(gan))))
    for record in records:
        mine = repfair if record["config"]["method"] == "repfair" else gan
        set_log(set_share(record, mine[record["config"]["seed"]]), undecided=0.05, right_label=0.9)
        if record["config"]["method"] == "repfair":
            set_log(record, **repfair_log)
        record["report"]["quality"]["by_group"]["kid"]["by_group"] = [0.05, None]
    return records


SKEWED, EVEN = [0.60, 0.41, 0.62], [0.49, 0.51, 0.52]


@pytest.mark.parametrize(
    ("records", "verdict", "said"),
    [
        (
            ablation_records(SKEWED, EVEN),
            HOLDS,
            "right label kept, undecided images kept, KID of the best group kept",
        ),
        (ablation_records(SKEWED, EVEN, undecided=0.2), IN_PART, "undecided images lost"),
        (ablation_records(SKEWED, EVEN, right_label=0.8), IN_PART, "right label lost"),
        (ablation_records(SKEWED, EVEN, undecided=0.065), HOLDS, "undecided images kept"),
        (ablation_records([0.53, 0.47, 0.54], EVEN), IN_PART, "of 3 seeds"),  # there is little to repair
        (ablation_records(SKEWED, [0.44, 0.45, 0.55]), IN_PART, "3 of 3 seeds"),  # 10 points are left
        (ablation_records([0.0, 0.5, 1.0], [0.45, 0.47, 0.53]), IN_PART, "2 of 3 seeds"),  # all or nothing
        (ablation_records(EVEN, SKEWED), FAILS, "0 of 3 seeds"),
        (ablation_records([0.5, 0.5, 1.0], [0.47, 0.47, 0.53]), FAILS, "1 of 3 seeds"),
        (
            ablation_records([0.60, 0.41, 0.55], [0.49, 0.51, 1.0]),
            FAILS,
            "2 of 3 seeds",
        ),  # larger in the mean
        (
            ablation_records([0.52, 0.53, 0.99], [0.49, 0.51, 0.515]),
            IN_PART,
            "3 of 3 seeds",
        ),  # one seed's doing
    ],
)
def test_algorithm_1_repairs_only_if_the_gap_closes_and_quality_stays(records, verdict, said):
    found = measured(ABLATIONS, records)
    assert found.verdict == verdict, found.why
    assert said in found.why.split("Rule:")[0]


def test_methods_are_compared_over_common_seeds_only():
    records = toy_records(method=["gan"], seed=[0, 1, 2]) + toy_records(method=["repfair"], seed=[1, 2, 3])
    for figure in (FIGURE_3, ABLATIONS):
        found = measured(figure, records)
        assert found.verdict == UNTESTED and "have 2 seeds in common" in found.why


def test_a_quality_that_scatters_stays_open():
    records = ablation_records(SKEWED, EVEN)
    for record, right in zip(records[3:], (0.95, 0.85, 0.9), strict=True):
        set_log(record, right_label=right)
    assert "right label open" in measured(ABLATIONS, records).why


def test_rows_of_methods_have_late_means_and_the_report():
    (record,) = toy_records(method=["gan"])
    set_log(record, **{"share__black": [0.5] * 5 + [0.95], "share__white": [0.5] * 5 + [0.05]})
    set_log(record, undecided=[1.0, 1.0, 1.0, 0.1, 0.2, 0.3])
    record["report"]["quality"]["by_group"]["kid"]["by_group"] = [0.07, 0.04]
    (row,) = method_rows([record])
    assert row["late_share/white"] == row["late_share"] == pytest.approx((0.5 + 0.5 + 0.05) / 3)
    assert row["late_gap"] == pytest.approx(0.3) and row["both_groups"] is True
    assert row["late_undecided"] == pytest.approx(0.2) and row["kid_best"] == 0.04
    assert (row["method"], row["seed"], row["record"]) == ("gan", 0, record["id"])
    assert row["gap"] == record["report"]["gap"] and row["real_undecided"] == 0.012
    set_share(record, 0.05)
    assert method_rows([record])[0]["both_groups"] is False


def test_ablations_say_in_how_many_seeds_both_groups_are_there():
    records = toy_records(method=METHODS, seed=[0, 1, 2])
    for record in records:
        set_share(record, 0.02 if record["config"]["seed"] and record["config"]["method"] == "gan" else 0.5)
    lines = measured(ABLATIONS, records).text.splitlines()
    ends = {line.split(" | ")[0]: line.split(" | ")[-2] for line in lines[2:7]}
    assert ends["| plain GAN"] == "1 of 3" and ends["| RepFair-GAN"] == "3 of 3"
    assert "- clipping only: 0 points" in measured(ABLATIONS, records).text


def training_records(shares):
    """Eight checkpoints of the same shares for three seeds of the plain GAN and RepFair."""
    records = toy_records(method=["gan", "repfair"], seed=[0, 1, 2], epochs=[8])
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
        ([0.5] * 4 + [0.50, 0.50, 0.545, 0.545], IN_PART, "3 of 6"),  # drifts, though it hardly wanders
        ([0.5] * 4 + [0.40, 0.60, 0.40, 0.60], IN_PART, "3 of 6"),  # wanders, though it does not drift
    ],
)
def test_training_has_settled_only_if_shares_neither_wander_nor_drift(shares, verdict, said):
    found = measured(OVER_TRAINING, training_records(shares))
    assert found.verdict == verdict and said in found.why


def test_training_that_mostly_moves_has_not_settled():
    records = training_records([0.4, 0.6] * 4)
    for record in records[3:5]:
        set_log(record, share__white=[0.4, 0.6] * 4)
    found = measured(OVER_TRAINING, records)
    assert found.verdict == FAILS and "1 of 6" in found.why


def test_training_compares_early_with_late():
    records = training_records([0.5] * 8)
    for record in records:
        set_log(record, undecided=[0.4, 0.2, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1])
    line = next(line for line in measured(OVER_TRAINING, records).text.splitlines() if "→" in line)
    assert line.startswith("| plain GAN | 0.3 (3) → 0.1 (3) | ")
