"""The pages of the repository are what the code makes of the repository's records."""

import subprocess
from pathlib import Path

import pytest

from repfair_keras.papers.figure import Material
from repfair_keras.papers.page import page, stem_of
from repfair_keras.papers.reproduce import chosen, configs_of, measure, registration_of
from repfair_keras.registry import lookup, names

PAGES = Path(__file__).resolve().parents[2] / "docs" / "reproduction"
FIGURES = [name for name in names("paper_figure") if lookup("paper_figure", name).sweep]


def history_is_there():
    command = ["git", "-C", str(PAGES), "rev-parse", "--is-shallow-repository"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return found.stdout.strip() == "false"


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_a_page_is_what_its_records_say(name):
    figure = lookup("paper_figure", name)
    if figure.registration and not history_is_there():
        pytest.skip("the page names commits, and there is no history of them here")
    records, missing = chosen(PAGES / "records", configs_of(figure), verbose=0)
    measured = measure(figure, Material(records, {}, registration_of(figure)))
    stored = (PAGES / f"{stem_of(name)}.md").read_text("utf-8")
    assert page(name, figure, measured, records, missing, "![" in stored, smoke=False) == stored


def test_the_table_of_verdicts_has_a_line_for_each_figure():
    lines = (PAGES / "verdicts.md").read_text("utf-8").splitlines()
    figures = [lookup("paper_figure", name) for name in names("paper_figure")]
    titles = {
        registered: [one.title for one in figures if bool(one.registration) == registered]
        for registered in (0, 1)
    }
    assert [line.split("](")[0].removeprefix("| [") for line in lines if line.startswith("| [")] == titles[0]
    assert [
        line.split("](")[0].removeprefix("### [") for line in lines if line.startswith("### [")
    ] == titles[1]
