"""The Markdown report: whole tables, names that break nothing, numbers with what they need beside."""

import re

import pytest
from example_report import empty_report, example_report

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.reporting import markdown
from repfair_keras.reporting.markdown.text import escape, interval, number, percent, table

ODD_NAMES = ("a | b", "*x*_y_`z`", "[link](http://x)", "<b>&lt;", "two\nlines\\", "$1$ #2 ~~3~~")


def to_markdown(stored, figures=()):
    """The Markdown of a report that was stored as this dict."""
    return markdown.to_markdown(report_from_dict(stored), figures)


def cells(line):
    """Cells of a line of a table, as a renderer splits it: at bars that are not escaped."""
    assert line.startswith("| ") and line.endswith(" |"), line
    return [re.sub(r"\\(.)", r"\1", cell).strip() for cell in re.split(r"(?<!\\)\|", line[1:-1])]


def tables(text):
    """Every table: a list of rows, the header first, without the rule."""
    found = []
    for block in text.split("\n\n"):
        if block.startswith("|"):
            header, rule, *rows = map(cells, block.splitlines())
            assert all(re.fullmatch(r"-{3}:?", cell) for cell in rule)
            assert {len(row) for row in rows} | {len(rule)} == {len(header)}, block
            found.append([header, *rows])
    return found


def find(text, corner):
    """The first table with this first cell, as a dict of rows."""
    (rows, *_) = (each for each in tables(text) if each[0][0] == corner)
    return {row[0]: row[1:] for row in rows}


def section(text, title):
    """Text of a section."""
    return dict(part.split("\n", 1) for part in text.split("\n## ")[1:])[title]


@pytest.mark.parametrize(
    "report",
    [
        example_report(),
        example_report(ODD_NAMES, ODD_NAMES, name="# | odd *name*"),
        example_report(classes=()),
        empty_report(),
    ],
    ids=["whole", "odd names", "no classes", "empty"],
)
def test_tables_are_whole_and_nothing_is_printed_as_python(report):
    text = to_markdown(report, ["quality.png"])
    assert len(tables(text)) >= 5
    assert not re.search(r"\b(None|nan|inf|True|False)\b", text.replace(report.get("note", "-"), ""))
    assert "\n\n\n" not in text and text.endswith("\n") and not text.endswith("\n\n")
    assert text.startswith("# Report: ")


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("three_players", "three_players"),
        ("_a_", "\\_a\\_"),
        ("a_ b", "a\\_ b"),
        ("__init__", "\\_\\_init\\_\\_"),
        ("a*b|c", "a\\*b\\|c"),
    ],
)
def test_an_underscore_is_escaped_where_it_could_begin_emphasis(name, escaped):
    assert escape(name) == escaped


def test_names_are_shown_as_they_are():
    report = example_report(ODD_NAMES, ODD_NAMES)
    text = to_markdown(report)
    shown = {" ".join(name.split()) for name in ODD_NAMES}
    assert shown <= set(find(text, "group"))
    assert shown <= set(find(text, "class"))
    assert shown <= set(find(text, "true group"))
    assert "[link](" not in text and "<b>" not in text and " *x*" not in text
    worst = report["quality"]["by_group"]["fid"]["worst"]
    assert f"worst in {escape(worst)}." in text


def test_the_headline_gives_shares_with_corrected_intervals_and_the_verdicts():
    report = example_report()
    report["corrected"]["p_value"] = 0.003
    corrected = {"proportions": [0.45, 0.55], "intervals": [[0.41, 0.49], [0.48, 0.6]], "on_target": False}
    report["corrected"] |= corrected
    headline = to_markdown(report).split("\n## ")[0]
    assert find(headline, "group")["black"] == ["45.0 %", "41.0 % to 49.0 %"]
    assert "corrected for classifier error" in headline
    assert "**The shares are not on target**; the classifier's errors are taken into account." in headline
    assert "in 0.3 % of samples of 1,000 images (p = 0.003)" in headline
    found = report["quality"]["by_group"]["fid"]
    worst = found["by_group"][report["groups"].index(found["worst"])]
    assert f"**Quality: worst in {found['worst']}.** FID of {found['worst']} {worst:.4g}" in headline


def test_a_test_that_is_passed_is_said_to_be_no_proof():
    report = example_report(test={"name": "exact binomial", "statistic": 9.0, "p_value": 0.01})
    report["corrected"] |= {"on_target": True}  # the classifier's errors may be all that the test has found
    headline = to_markdown(report).split("\n## ")[0]
    assert "**The shares may be on target**" in headline and "no proof" in headline
    uncorrected = example_report(
        test={"name": "exact binomial", "statistic": 9.0, "p_value": 0.01}, corrected=None
    )
    assert "**The shares are not on target**; the classifier's errors are not in this." in to_markdown(
        uncorrected
    )


def test_groups_near_real_images_are_not_called_bad():
    report = example_report()
    for ratios, expected in (([1.2, 1.4], "near real images in every group"), ([1.2, 1.9], "worst in white")):
        report["quality"]["by_group"]["fid"] |= {"relative_to_real": ratios, "worst": "white"}
        assert f"**Quality: {expected}.**" in to_markdown(report)


def test_warnings_come_before_the_verdict():
    text = to_markdown(example_report(warnings=["The images are far | from real ones."]))
    assert text.index("> **Warning:** The images are far \\| from real ones.") < text.index("**The shares")


def test_a_group_that_is_too_rare_is_named_in_the_headline():
    report = example_report()
    for found in report["quality"]["by_group"].values():
        found["by_group"][1], found["worst"], found["difference"] = None, None, None
    assert "**Quality by group was not measured in white, too rare.**" in to_markdown(report)


def test_without_a_correction_the_headline_says_so():
    report = example_report(corrected={"note": "the confusion matrix [[1, 0]] is singular"})
    text = to_markdown(report)
    headline = text.split("\n## ")[0]
    assert find(headline, "group")["black"][0] == "44.4 %"
    assert "not corrected for classifier error" in headline
    assert "> **Warning:** The shares are not corrected: the confusion matrix \\[\\[1, 0\\]\\]" in text


def test_without_a_test_there_is_no_verdict():
    headline = to_markdown(example_report(test=None, corrected=None)).split("\n## ")[0]
    assert "not tested against the target" in headline


def test_nothing_decided_is_said():
    report = empty_report()
    text = to_markdown(report)
    assert "**Shares cannot be told: none of the 1000 images has a clear group.**" in text
    assert "Quality by group was not measured" in text
    assert find(text, "group") == {
        "group": ["share", "95 % interval"],
        "black": ["-"] * 2,
        "white": ["-"] * 2,
    }


def test_representation_gives_counted_beside_corrected():
    report = example_report(gap=0.2, fd=0.1234)
    report["corrected"] |= {"gap": 0.3, "fd": 0.2345}
    text = section(to_markdown(report), "Representation")
    distances = find(text, "distance from the target")
    assert distances["gap"] == ["30.0 points", "20.0 points"]
    assert distances["fairness discrepancy"] == ["0.2345", "0.1234"]
    assert find(text, "group")["black"][:4] == ["50.0 %", "44.5 %", "39.4 % to 49.4 %", "44.4 %"]
    assert find(text, "group")["black"][5] == "41.3 % to 48.3 %"
    assert "99 % interval" in text
    assert "**0.03**" in text and "gets 0.002 on average" in text
    assert find(text, "rule")["mean"] == ["44.4 %", "55.6 %", "0.0 %", "99.8 %"]


@pytest.mark.parametrize("ill", [False, True])
def test_an_ill_conditioned_classifier_is_warned_of(ill):
    report = example_report()
    report["corrected"] |= {"condition": 12.5, "ill_conditioned": ill}
    text = section(to_markdown(report), "Error of the classifier")
    assert "Condition number of its rates: 12.5" in text
    assert ("> **Warning:**" in text) == ill
    assert find(text, "true group")["black"] == ["603", "3", "99.5 %"]
    assert find(text, "true group")["white"] == ["3", "603", "99.5 %"]


def test_quality_stands_beside_what_real_images_reach():
    report = example_report()
    measured = report["quality"]
    measured["notes"] = ["group grey: fewer than 128 images."]
    measured["by_group"]["fid"] |= {
        "by_group": [None, 33.3],
        "difference": None,
        "ratio": None,
        "worst": "white",
    }
    text = section(to_markdown(report), "Quality")
    rows = find(text, "group")
    assert rows["all images"][0] == "20 (3.1)"
    assert [rows["black"][0], rows["white"][0]] == ["- (3.26)", "33.3 (3.26)"]
    assert [rows["difference"][0], rows["ratio"][0], rows["worst group"][0]] == ["-", "-", "white"]
    assert find(text, "class")["dog"][0].endswith("(3.26)")
    assert "400 images of each" in text and "90 images of each" in text
    assert "0a1b2c3d4e5f" in text and "- group grey: fewer than 128 images." in text


def test_labels_intersections_and_copies_have_their_sections():
    text = to_markdown(example_report())
    assert find(section(text, "Labels"), "group")["all images"] == ["90.0 %", "97.0 %"]
    assert set(find(section(text, "Labels"), "class")) == {"class", "cat", "dog", "ship"}
    shares, within = tables(section(text, "Intersections"))
    assert re.fullmatch(r"\d+\.\d % \(\d+\)", shares[1][1])
    assert sum(float(cell.split()[0]) for cell in within[1][1:]) == pytest.approx(100, abs=0.2)
    copies = find(section(text, "Copies of training images"), "median, or share")
    assert copies["possible copies, all"] == ["1.2 %", "1.0 %"]


def test_sections_without_content_are_left_out():
    text = to_markdown(empty_report())
    assert not {"Classes", "Intersections", "Labels"} & set(re.findall(r"^## (.*)$", text, re.M))


def test_figures_are_embedded_once_in_their_sections():
    figures = ["losses.png", "nearest.png", "quality.png", "my figure (1).png", "representation.png"]
    text = to_markdown(example_report(), figures)
    embedded = re.findall(r"!\[.*?\]\((.*?)\)", text)
    assert sorted(embedded) == sorted(
        f"figures/{name}.png"
        for name in ("losses", "nearest", "quality", "my%20figure%20%281%29", "representation")
    )
    assert "figures/quality.png" in section(text, "Quality")
    assert "figures/representation.png" in section(text, "Representation")
    assert "figures/losses.png" in section(text, "Other figures")
    assert "Other figures" not in to_markdown(example_report(), ["quality.png"])


def test_what_the_numbers_assume_is_said():
    text = section(to_markdown(example_report()), "What these numbers assume")
    for words in (
        "the classifier errs on generated images as on real ones",
        "noise of training",
        "FID is biased by the number of images",
        "same extractor (hash 0a1b2c3d4e5f)",
        "biased upward by noise. Here 0.03, where a generator exactly on target gets 0.002",
    ):
        assert words in text


def test_numbers_as_text():
    assert [number(x) for x in (None, float("inf"), 0.0201355, 12)] == ["-", "infinite", "0.02014", "12"]
    assert [percent(x) for x in (None, 0, 0.123456)] == ["-", "0.0 %", "12.3 %"]
    assert [interval(x) for x in (None, [None, None], [0, 1])] == ["-", "-", "0.0 % to 100.0 %"]


def test_a_table_with_rows_of_other_lengths_is_refused():
    with pytest.raises(ValueError, match=r"rows of \[2, 1\] cells below a header of 2"):
        table(["a", "b"], [["1", "2"], ["3"]])
