"""What the documentation site adds to the pages in `docs/`: notebooks, the changelog, the API, links that lead out.

mkdocs calls the functions by their names; see `hooks` in mkdocs.yml.
"""

import ast
import importlib
import re
import tomllib
from pathlib import Path

import jupytext
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
PAGES = ("CHANGELOG.md", "CONTRIBUTING.md")


def address():
    """Returns the address of the repository that pyproject.toml names; `None` while it is not known."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project.get("urls", {}).get("Repository")


def on_config(config):
    """Shows the repository's address, where it is known."""
    config.repo_url = address()
    return config


def on_files(files, config):
    """Adds notebooks, pages that lie at the top of the repository, and the pages of the API."""
    for path in sorted((ROOT / "notebooks").glob("*.py")):
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=notebook_page(path)))
    for name in PAGES:
        files.append(File.generated(config, name.lower(), abs_src_path=str(ROOT / name)))
    for name, text in api_pages().items():
        files.append(File.generated(config, f"api/{name}.md", content=text))
    return files


def on_page_markdown(markdown, page, config, files):
    """Links that lead out of the site lead to the repository, or are plain text while that has no address."""
    source = page.file.src_uri
    at_the_top = source in map(str.lower, PAGES) or source.startswith("notebooks/")
    here = ROOT / ("" if at_the_top else "docs") / source
    return LINK.sub(lambda found: _link(found, here.parent, source, files), markdown)


def api_pages():
    """Returns the pages of the API: the public names of the package by what they are for, and the metrics."""
    package = importlib.import_module("repfair_keras")
    pages = {"python": ["# Python"], "metrics": ["# Metrics"]}
    for name, module in package._PUBLIC.items():
        pages["python"].append(f"::: {module}.{name}")
    folder = ROOT / "repfair_keras" / "metrics"
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        if path.name != "__init__.py" and any(not name.startswith("_") for name in functions):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            pages["metrics"].append(f"::: {module}")
    return {name: "\n\n".join(lines) + "\n" for name, lines in pages.items()}


def notebook_page(path):
    """Returns a notebook as Markdown: its text, and its code as it is written."""
    return "\n\n".join(
        cell.source if cell.cell_type == "markdown" else f"```python\n{cell.source}\n```"
        for cell in jupytext.read(path).cells
    )


def _link(found, folder, source, files):
    target, _, anchor = found["target"].partition("#")
    if not target or ":" in target:
        return found[0]
    path = (folder / target).resolve()
    if not path.is_relative_to(ROOT):
        return found[0]
    uri = _uri(path)
    if files.get_file_from_path(uri):
        back = "../" * source.count("/")
        return f"{found['picture']}[{found['text']}]({back}{uri}{'#' + anchor if anchor else ''})"
    repository = address()
    if repository is None:
        return found["text"]
    kind = "tree" if path.is_dir() else "blob"
    return f"[{found['text']}]({repository}/{kind}/main/{path.relative_to(ROOT)})"


def _uri(path):
    """Where on the site a file of the repository lies."""
    relative = path.relative_to(ROOT)
    if relative.parts[:1] == ("docs",):
        relative = relative.relative_to("docs")
        return str(relative / "README.md" if path.is_dir() else relative)
    if str(relative) in PAGES:
        return str(relative).lower()
    if relative.parts[:1] == ("notebooks",):
        return str(relative.with_suffix(".md"))
    return "index.md" if str(relative) == "README.md" else str(relative)
