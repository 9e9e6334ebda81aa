"""The page of a report needs nothing else, escapes names, and works in a browser."""

import base64
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from example_report import empty_report, example_report
from PIL import Image
from toy_tables import record

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.reporting import markdown
from repfair_keras.reporting.markdown import table_report
from repfair_keras.reporting.report_page import report_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
ODD = "<script>alert(1)</script>"


def page_of(stored, folder, figures=()):
    report = report_from_dict(stored)
    to_text = markdown.to_markdown if report.modality == "images" else table_report.to_markdown
    return report_page(report, to_text(report, figures), folder)


class Tags(HTMLParser):
    """Tags that are open at the end, and every address."""

    def __init__(self, text):
        super().__init__()
        self.open, self.addresses, self.scripts = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.addresses += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img", "br", "hr", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "figures").mkdir()
    Image.new("L", (8, 6), 200).save(tmp_path / "figures" / "representation.png")
    Image.new("L", (8, 6), 100).save(tmp_path / "figures" / "assigned.png")
    return tmp_path


@pytest.mark.parametrize(
    "stored",
    [example_report((ODD, "b & c")), empty_report(), record("fld_dm", 0)["report"]],
    ids=["odd names", "empty", "table"],
)
def test_a_page_is_whole_and_takes_nothing_from_elsewhere(stored, folder):
    text = page_of(stored, folder, ["representation.png"] if "proportions" in stored else [])
    tags = Tags(text)
    assert tags.open == []
    assert tags.scripts == 1
    assert all(address.startswith("data:image/png;base64,") for address in tags.addresses)
    assert "http" not in re.sub(r"http-equiv", "", text).replace("https://schema", "")
    assert ODD not in text
    assert "prefers-color-scheme: dark" in text and "@media print" in text and "width=device-width" in text


def test_pictures_are_in_it_and_none_from_outside_the_folder(folder):
    text = page_of(example_report(), folder, ["representation.png"])
    for name in ("representation", "assigned"):
        data = base64.b64encode((folder / "figures" / f"{name}.png").read_bytes()).decode()
        assert text.count(data) >= 1
    report = report_from_dict(example_report())
    secret = folder.parent / "secret.png"
    secret.write_bytes(b"secret")
    text = report_page(report, "# Report\n\n![picture](../secret.png)", folder)
    assert base64.b64encode(b"secret").decode() not in text


def test_text_that_looks_like_html_stays_text(folder):
    text = report_page(report_from_dict(example_report()), f"# Report\n\n{ODD}", folder)
    assert ODD not in text and "&lt;script&gt;alert(1)" in text


def test_the_first_screen_has_what_was_asked_what_is_and_what_is_wrong(folder):
    text = page_of(example_report(warnings=["The images are far from real ones."]), folder)
    first = text[text.index('<section class="first">') : text.index("</section>")]
    assert "Asked for: black 50.0 %, white 50.0 %." in first
    assert "99 % interval" in first and "44.5 %" in first and "39.4 % to 49.4 %" in first
    assert "Warning:</strong> The images are far from real ones." in first
    assert "Samples of each group" in first


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")
@pytest.mark.parametrize(
    ("stored", "header", "least", "most"),
    [
        (example_report(), "distance", "fairness discrepancy", "total variation"),
        (record("fld_dm", 0)["report"], "trained on", "logistic regression", "random forest"),
    ],
    ids=["images", "table"],
)
def test_it_opens_in_a_browser_and_its_tables_sort(stored, header, least, most, folder):
    """A script at the end clicks twice on the first column of a table, and writes what it finds into the page."""
    text = page_of(stored, folder, ["representation.png"] if "proportions" in stored else [])
    probe = """<script>onload = () => {
      const table = [...document.querySelectorAll("table")].find((t) => t.tHead.textContent.includes("HEADER"));
      const first = () => table.tBodies[0].rows[0].cells[0].textContent;
      const button = table.tHead.querySelector("button");
      button.click();
      const up = first();
      button.click();
      const broken = [...document.images].filter((image) => !image.naturalWidth).length;
      const wide = document.documentElement.scrollWidth > innerWidth;
      document.body.dataset.found = `${up}|${first()}|${broken}|${wide}`;
    };</script></body>"""
    path = folder / "report.html"
    path.write_text(text.replace("</body>", probe.replace("HEADER", header)))
    window = (f"--user-data-dir={folder / 'profile'}", "--window-size=500,900", "--virtual-time-budget=3000")
    command = [CHROMIUM, *QUIET, *window, "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    found = re.search(r'data-found="([^"]*)"', done.stdout)
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    assert found.group(1).split("|") == [least, most, "0", "false"]
