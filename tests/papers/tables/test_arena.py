"""The page of the arena: published rows and ours, the areas below the fronts, and where ours are behind."""

import pytest
from toy_cells import toy_cell, toy_seeds

from repfair_keras.papers.figure import ILLUSTRATION, Material
from repfair_keras.papers.tables.arena import FIGURE, NONE_OF_OURS, measure, plot, shown_rows
from repfair_keras.papers.tables.arena_rows import arena_rows, name_of, shown_classifier
from repfair_keras.papers.tables.arena_text import areas, deviations, not_reached
from repfair_keras.papers.tables.cells import SEEDS, SMOKE
from repfair_keras.papers.tables.engines import ENGINES
from repfair_keras.papers.tables.pareto import hypervolume
from repfair_keras.papers.tables.published_rows import REAL, interval_of, published
from repfair_keras.reporting.image_row import to_csv

METHODS = (
    *("SMOTE", "Fair-SMOTE", "GReaT", "STaSy", "CoDi", "GOGGLE", "TabDDPM", "TabSyn", "TabFairGAN"),
    "FairTabDDPM",
)


def of(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_what_is_published():
    content = published()
    assert list(content["rows"]) == ["adult", "bank", "compas", "german"]
    assert content["source"]["seeds"] == list(SEEDS)
    for table, methods in content["rows"].items():
        assert set(methods) == {*METHODS, *REAL}, table
        for name, found in methods.items():
            pairs = [found["auroc"], *found["dpr"].values(), *found["eor"].values()]
            pairs += [found[score] for score in ("shape", "trend") if name not in REAL]
            known = [pair for pair in pairs if pair is not None]
            assert len(known) >= len(pairs) - 1 and all(0 <= end <= 1 for pair in known for end in pair)
    adult = content["rows"]["adult"]["FairTabDDPM"]
    assert [adult["auroc"][0], adult["dpr"]["sex"][0], adult["eor"]["sex"][0]] == pytest.approx(
        [0.893, 0.543, 0.667], abs=6e-4
    )
    assert "real rows" in REAL and ENGINES["real"].title == "real rows", (
        "the two lines are held together by name"
    )


def test_the_interval_of_published_seeds_by_hand():
    mean, low, high, n = interval_of([0.5, 0.02], 3)
    half = 4.302653 * 0.02 / 3**0.5  # Student's t of two degrees of freedom
    assert (mean, n) == (0.5, 3) and [low, high] == pytest.approx([0.5 - half, 0.5 + half])
    assert interval_of([0.99, 0.5], 3)[1:3] == (0, 1)
    assert interval_of(None, 3).mean is None


def test_rows_of_records_by_hand():
    rows = of(arena_rows(toy_seeds(engine="toy", sampling="independent")), origin="ours")
    assert len(rows) == 2 * 2, "two classifiers, two sensitive columns"
    (row,) = of(rows, classifier="catboost", sensitive="race")
    assert row["auroc"] == pytest.approx(0.91)
    half = 4.302653 * 0.01 / 3**0.5
    assert [row["auroc_low"], row["auroc_high"]] == pytest.approx([0.91 - half, 0.91 + half])
    assert (row["seeds"], row["rows"], row["comparable"], row["method"]) == (3, 45_222, True, True)
    assert row["name"] == name_of("toy", "independent") == "toy, S independent"
    assert (row["seconds"], row["copies"]) == (100.0, pytest.approx(0.01))
    assert to_csv(rows).count("\n") == 5


def test_a_seed_without_a_value_leaves_no_mean():
    records = toy_seeds(engine="toy")
    records[1]["measured"]["classifiers"]["catboost"]["dpr"]["sex"] = None
    by_sex, by_race = of(arena_rows(records), origin="ours", classifier="catboost")
    assert (by_sex["dpr"], by_sex["dpr_low"], by_race["dpr"]) == (None, None, pytest.approx(0.3))
    assert by_sex["auroc"] == pytest.approx(0.91)


def test_catboost_is_shown_where_all_have_it():
    with_both = toy_seeds(engine="toy")
    assert shown_classifier(arena_rows(with_both)) == "catboost"
    some = [*with_both, toy_cell(engine="real", classifiers=("gradient_boosting",))]
    assert shown_classifier(arena_rows(some)) == "gradient_boosting"
    shown = shown_rows(arena_rows(some))
    assert {row["classifier"] for row in of(shown, origin="ours")} == {"gradient_boosting"}
    assert len(of(shown, origin="published", table="adult")) == 2 * len(published()["rows"]["adult"])


def test_areas_below_the_fronts():
    ours = toy_seeds(engine="toy", aurocs=(0.9, 0.9, 0.9), dpr=0.8)
    for yardstick in ("real", "independent_columns"):
        ours += toy_seeds(engine=yardstick, aurocs=(0.99, 0.99, 0.99), dpr=0.99)
    (found,) = of(areas(shown_rows(arena_rows(ours))), table="adult", sensitive="sex")
    theirs = [
        (row["auroc"][0], row["dpr"]["sex"][0])
        for name, row in published()["rows"]["adult"].items()
        if name not in REAL
    ]
    assert found["ours"] == pytest.approx(0.4 * 0.8), "yardsticks are no methods"
    assert found["published"] == pytest.approx(hypervolume(theirs)) and 0.2 < found["published"] < 0.4
    assert found["both"] == pytest.approx(hypervolume([*theirs, (0.9, 0.8)]))
    (bank,) = of(areas(shown_rows(arena_rows(ours))), table="bank")
    assert bank["published"] > 0 and bank["ours"] is None and bank["both"] is None


def test_tables_of_other_rows_are_not_put_together():
    shown = shown_rows(arena_rows(toy_seeds(table="compas", engine="toy", rows=6_907, dpr=0.9)))
    assert {one["both"] for one in areas(shown)} == {None}
    text = measure(Material(toy_seeds(table="compas", engine="toy", rows=6_907), {})).text
    compas = text.split("### COMPAS")[1].split("###")[0]
    assert "6,907 rows; published are 16,644" in compas and "cannot be compared" in compas
    assert "none of ours" not in compas


def test_the_page_says_where_ours_are_behind():
    good = toy_seeds(engine="toy", aurocs=(0.9, 0.9, 0.9), dpr=0.6)
    shown = shown_rows(arena_rows(good))
    assert not_reached(shown, "adult", "sex") == [
        "SMOTE",
        "Fair-SMOTE",
        "GReaT",
        "GOGGLE",
        "TabDDPM",
        "TabSyn",
    ]
    assert not_reached(shown, "bank", "age-group") is None, "there is none of ours"
    text = measure(Material(good, {})).text
    missed = "SMOTE, Fair-SMOTE, GReaT, GOGGLE, TabDDPM and TabSyn"
    assert f"By sex, none of ours is as good in both AUROC and DPR as {missed}." in text
    best = measure(Material(toy_seeds(engine="toy", aurocs=(0.99, 0.99, 0.99), dpr=0.95), {})).text
    assert (
        "By race, for each published method one of ours is as good in both AUROC and DPR, or better." in best
    )


def test_the_line_of_real_rows_is_held_against_the_published_one():
    rows = arena_rows(toy_seeds(aurocs=(0.93, 0.93, 0.93), dpr=0.31, eor=0.2))
    found = deviations(rows, "adult", "sex", "catboost")
    assert found == pytest.approx({"auroc": 0.0015, "dpr": 0.0009, "eor": 0.0067}, abs=2e-4)
    assert deviations(rows, "adult", "sex", "gradient_boosting")["auroc"] == pytest.approx(-0.0085, abs=2e-4)
    assert deviations(rows, "bank", "age-group", "catboost") == {}
    text = measure(Material(toy_seeds(aurocs=(0.93, 0.93, 0.93), dpr=0.31), {})).text
    assert "by sex: with CatBoost AUROC +0.002, DPR +0.001, EOR +0.007; with HistGradientBoosting" in text


def test_the_page_has_a_table_for_each_table_with_published_and_own_lines():
    records = toy_seeds(engine="toy") + toy_seeds(table="law_school", engine="toy", rows=20_798)
    measured = measure(Material(records, {}))
    assert measured.verdict == ILLUSTRATION and measured.parts == ()
    sections = [line.removeprefix("### ") for line in measured.text.splitlines() if line.startswith("### ")]
    assert sections == ["Areas below the fronts", "Adult", "Bank", "COMPAS", "German", "Law school"]
    assert "| toy | ours | 0.910 ± 0.025 | 0.300 ± 0.000 | 0.200 ± 0.000 |" in measured.text
    assert "| FairTabDDPM | published | 0.893 ± 0.005 | 0.543 ± 0.078 |" in measured.text
    assert "20,798 rows; nothing is published. Of real test rows 2.0 % equal a training row." in measured.text
    assert "on Adult by sex" in measured.why and "Bank" not in measured.why
    assert plot(Material(records, {}, None, measured)).axes


def test_without_records_the_published_rows_are_shown():
    measured = measure(Material([], {}))
    assert measured.why == NONE_OF_OURS
    assert {row["origin"] for row in measured.rows} == {"published"} and len(measured.rows) == 6 * 12
    assert "None of our cells has been recorded." in measured.text
    assert plot(Material([], {})).axes


def test_where_it_comes_from(tmp_path):
    found = FIGURE.recorded(tmp_path / "records")
    lines = "\n".join(FIGURE.sources("tables_arena", [], found.missing))
    assert (
        f"Without a record: {len(found.missing)} cells, of Adult, Bank, COMPAS, German, Law school." in lines
    )
    assert "`python -m repfair_keras.reproduce tables_arena --run` makes them" in lines
    assert "TMLR 2025" in lines and published()["source"]["commit"][:7] in lines
    records = toy_seeds(engine="toy")
    records[0]["numbers"] -= 1
    lines = "\n".join(FIGURE.sources("tables_arena", records, []))
    assert "Ours: 3 cells" in lines and "seeds 2024, 2025, 2026; commits 0123456." in lines
    assert "1 cell is of an earlier version" in lines and "Without a record" not in lines


def test_tiny_cells_are_made_recorded_and_shown(tmp_path):
    outcome = FIGURE.run(tmp_path, data_dir="/nowhere", smoke=True, command="smoke")
    assert len(outcome.made) == len(SMOKE.cells()) == 2
    found = FIGURE.recorded(tmp_path, smoke=True)
    assert len(found.found) == 2 and not found.missing
    assert (tmp_path / "tables" / f"{outcome.made[0]}.json").is_file()
    assert "### Diabetes" in measure(Material(found.found, {})).text
