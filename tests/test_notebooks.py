"""Notebooks: each `.ipynb` is what its `.py` says, without outputs, and runs from top to bottom."""

import ast
import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from unittest import mock

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "notebooks").glob("*.py"))

jupytext = pytest.importorskip("jupytext", reason="notebook tools are missing: pip install -e .[dev]")
nbclient = pytest.importorskip("nbclient", reason="notebook tools are missing: pip install -e .[dev]")
pytest.importorskip("ipykernel", reason="notebook tools are missing: pip install -e .[dev]")

every_notebook = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def contents(notebook):
    """What a notebook says; ids of cells are left out, jupytext draws them at random."""
    cells = [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in notebook.cells]
    settings = {key: notebook.metadata.get(key) for key in ("kernelspec", "accelerator")}
    return cells, settings


def test_there_are_notebooks_and_each_has_its_pair():
    assert SOURCES
    pairs = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [path.stem for path in SOURCES] == [path.stem for path in pairs]


@every_notebook
def test_pair_is_in_sync(source):
    stored = jupytext.read(source.with_suffix(".ipynb"))
    assert contents(stored) == contents(jupytext.read(source)), f"run: jupytext --sync {source}"


def first_cell(source):
    """The code of a notebook's first cell of code."""
    return next(cell.source for cell in jupytext.read(source).cells if cell.cell_type == "code")


@every_notebook
def test_the_address_is_that_of_pyproject(source):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (line,) = re.findall(r"^REPOSITORY = (.*)$", first_cell(source), re.MULTILINE)
    assert ast.literal_eval(line) == project.get("urls", {}).get("Repository", "")


@every_notebook
def test_what_to_do_where_it_cannot_be_installed_in_colab(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "google.colab", mock.Mock())
    asked = mock.Mock(return_value=mock.Mock(returncode=1))
    monkeypatch.setattr(subprocess, "run", asked)
    with pytest.raises(SystemExit, match="upload"):
        exec(first_cell(source), {})
    if not source.name.startswith("03"):  # which needs the records of the repository
        assert asked.call_args[0][0][-1] == "repfair-keras[data,sweeps]"


@every_notebook
def test_no_outputs_are_stored(source):
    for cell in jupytext.read(source.with_suffix(".ipynb")).cells:
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None


@every_notebook
def test_links_to_other_notebooks_lead_somewhere(source):
    text = source.read_text(encoding="utf-8")
    linked = {word.split(")")[0] for word in text.split("](")[1:]}
    assert {
        name for name in linked if name.endswith(".ipynb") and not (source.parent / name).is_file()
    } == set()


def imported(tree):
    """Yields `(module, attribute)` of everything that a notebook takes from this package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("repfair_keras"):
            yield from ((node.module, alias.name) for alias in node.names)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rf":
            yield "repfair_keras", node.attr


@every_notebook
def test_what_is_imported_is_there(source):
    """Finds in a moment what else only a run of a slow notebook would: a name that was changed."""
    taken = sorted(set(imported(ast.parse(source.read_text(encoding="utf-8")))))
    assert taken
    for module, name in taken:
        assert hasattr(importlib.import_module(module), name) or importlib.import_module(f"{module}.{name}")


@pytest.mark.slow
@every_notebook
def test_notebook_runs_at_smoke_size(source, tmp_path, monkeypatch):
    """In a folder of its own, in which nothing but `runs/` appears."""
    monkeypatch.setenv("REPFAIR_SIZE", "smoke")
    monkeypatch.setenv("REPFAIR_REPOSITORY", str(ROOT))
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    notebook = jupytext.read(source)
    client = nbclient.NotebookClient(
        notebook, km=this_python(), timeout=600, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.owns_km = True  # and ends the kernel, with all its memory, when it is done
    client.execute()
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(pictures) >= 5


def this_python():
    """A kernel of the interpreter that runs the tests: an installed kernel `python3` may be another one."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
