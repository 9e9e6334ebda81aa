"""Figures of values as they are: what is learnt of them, and whose rows can be told."""

import pytest
from toy_tables import record, values

from repfair_keras.comparison.compare_runs import compare
from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.figures import privacy, table_methods, utility


def report(seed=0, **given):
    return report_from_dict({**record("cart", seed)["report"], "values": values(**given)})


def points(axes):
    """Heights of the points, in the order in which they were drawn."""
    return [float(bars.lines[0].get_ydata()[0]) for bars in axes.containers]


def test_real_and_synthetic_stand_side_by_side():
    auroc, _, _, odds = utility.plot(report(auroc=0.88)).axes
    assert points(auroc) == [0.93, 0.88]
    assert [label.get_text() for label in auroc.get_xticklabels()] == ["real", "synthetic"]
    assert [text.get_text() for text in odds.texts] == ["unknown", "unknown"]


def test_the_rarest_group_comes_first_after_all():
    closer, copies, told = privacy.plot(report(closer=0.6)).axes
    assert [label.get_text() for label in closer.get_xticklabels()] == ["all", "rare", "common"]
    assert points(closer) == [0.6, 0.8, 0.5]
    assert points(copies) == [0.01, 0.001, 0.05, 0.001, 0.0, 0.001]
    assert points(told) == [0.55, 0.55]
    assert [text.get_position()[0] for text in told.texts] == [1]


def test_only_so_many_groups_are_shown_and_it_is_said():
    many = values()
    one = many["copying"]["groups"]["common"]
    many["copying"]["groups"] = {str(n): {**one, "n_half": n} for n in range(privacy.SHOWN + 3, 0, -1)}
    figure = privacy.plot(report_from_dict({**record("cart", 0)["report"], "values": many}))
    shown = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert shown == ["all", *map(str, range(1, privacy.SHOWN + 1))]
    assert "the 12 rarest groups" in figure.get_suptitle()


@pytest.mark.parametrize("plot", [utility.plot, privacy.plot])
def test_a_table_in_bins_has_none(plot):
    assert plot(report_from_dict(record("fld_dm", 0)["report"])) is None


def test_a_row_has_the_main_numbers_and_real_ones_beside():
    row = report(auroc=0.88).to_row()
    assert (row["auroc/values"], row["real_auroc/values"]) == (0.88, 0.93)
    assert row["equalised_odds_ratio/values"] is None
    assert (row["shapes"], row["real_shapes"], row["trends"]) == (0.97, 0.99, 0.95)
    assert (row["exact_copies"], row["real_exact_copies"]) == (0.01, 0.001)
    assert (row["membership"], row["rules_broken"], row["never_seen"]) == (0.55, 0.2, 1)
    assert "shapes" not in report_from_dict(record("fld_dm", 0)["report"]).to_row()


def test_runs_are_compared_by_them():
    runs = [report(seed, auroc=0.9 + seed / 100) for seed in (0, 1)]
    compared = compare(runs)
    assert compared.means["cart"]["auroc/values"].mean == pytest.approx(0.905)
    titles = [axes.get_title() for axes in compared.plot().axes]
    assert titles[0].startswith("AUROC")
    assert not any("codes" in title for title in titles)
    in_bins = [record("fld_dm", seed)["report"] for seed in (0, 1)]
    rows = [{**report_from_dict(one).to_row(), "method": "fld_dm"} for one in in_bins]
    assert table_methods.plot(rows, "").axes[0].get_title().startswith("demographic parity")
