"""The documentation site: it is built without a warning, every link leads somewhere, and it asks nobody else."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import repfair_keras

ROOT = Path(__file__).resolve().parents[1]

pytest.importorskip("mkdocs", reason="what builds the site is missing: pip install -e .[docs]")
pytest.importorskip("mkdocstrings", reason="what builds the site is missing: pip install -e .[docs]")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Folder of the built site."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


class Links(HTMLParser):
    """Collects where a page leads, what it loads, and the places that links may name."""

    def __init__(self):
        super().__init__()
        self.links, self.loaded, self.places = [], [], set()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag in ("script", "img", "iframe", "source") and "src" in found:
            self.loaded.append(found["src"])
        if tag == "link" and found.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.append(found["href"])
        self.places |= {found[name] for name in ("id", "name") if found.get(name)}


def read(page):
    links = Links()
    links.feed(page.read_text(encoding="utf-8"))
    return links


def test_every_link_leads_somewhere(site):
    pages = {page: read(page) for page in site.rglob("*.html") if page.name != "404.html"}
    assert len(pages) > 60
    broken = []
    for page, found in pages.items():
        for link in (*found.links, *found.loaded):
            target, _, place = link.partition("#")
            if re.match(r"[a-z]+:|//", link):
                continue
            path = (page.parent / target).resolve() if target else page
            path = path / "index.html" if path.is_dir() else path
            known = path.is_file() and (not place or path.suffix != ".html" or place in pages[path].places)
            if not known:
                broken.append(f"{page.relative_to(site)}: {link}")
    assert broken == []


def test_pages_load_nothing_from_elsewhere(site):
    outside = {
        source
        for page in site.rglob("*.html")
        for source in read(page).loaded
        if re.match(r"https?:|//", source)
    }
    assert outside == set()


def test_every_public_name_is_in_the_reference(site):
    places = read(site / "api" / "python" / "index.html").places
    missing = [name for name, module in repfair_keras._PUBLIC.items() if f"{module}.{name}" not in places]
    assert missing == []


def test_notebooks_are_there_with_their_code(site):
    for source in (ROOT / "notebooks").glob("*.py"):
        page = (site / "notebooks" / source.stem / "index.html").read_text(encoding="utf-8")
        assert "repfair_keras" in page
        assert page.count("<code>") > 5
