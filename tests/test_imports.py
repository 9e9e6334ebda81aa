"""Imports point one way, from entry points down to errors; figures never see a model."""

import ast
from pathlib import Path

import pytest

import repfair_keras

PACKAGE = Path(repfair_keras.__file__).parent
LEVELS = {
    **dict.fromkeys(("__init__", "core"), 0),
    **dict.fromkeys(("registry", "pretrained"), 1),
    **dict.fromkeys(("networks", "losses", "metrics", "data"), 2),
    "methods": 3,
    "runs": 4,
    "modality": 4,
    "evaluation": 5,
    **dict.fromkeys(("figures", "export"), 6),
    "reporting": 7,
    **dict.fromkeys(("training", "sampling", "comparison"), 8),
    **dict.fromkeys(("modalities", "sweeps", "hub", "demo"), 9),
    **dict.fromkeys(("papers", "api"), 10),
    "commands": 11,
    **dict.fromkeys(
        (
            "train",
            "sample",
            "evaluate",
            "compare",
            "sweep",
            "reproduce",
            "validate",
            "audit",
            "inspect",
            "convert",
            "__main__",
        ),
        12,
    ),
}
SHOW_THEMSELVES = dict.fromkeys(  # objects, by what draws them as text
    ("evaluation/report.py", "evaluation/images/validation.py"), "repfair_keras.reporting"
)
NOT_IN_FIGURES = ("keras", "tensorflow", "repfair_keras.methods", "repfair_keras.networks")


def imported(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def violations(part, source):
    """Names that a module of `part` (a top-level module or package) imports and must not."""
    for name in imported(source):
        root, target = [*name.split("."), ""][:2]
        level = LEVELS.get(target, 0) if root == "repfair_keras" and target != part else -1
        in_figures = part == "figures" and f"{name}.".startswith(tuple(f"{top}." for top in NOT_IN_FIGURES))
        if name.startswith(".") or level >= max(LEVELS[part], 1) or in_figures:
            yield name


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    part = path.relative_to(PACKAGE).with_suffix("").parts[0]
    assert part in LEVELS, f"give {part} a level in {Path(__file__).name}"
    allowed = SHOW_THEMSELVES.get(str(path.relative_to(PACKAGE)), "nothing")
    wrong = [name for name in violations(part, path.read_text("utf-8")) if not name.startswith(allowed)]
    assert wrong == []


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("data", "from repfair_keras.methods.gan import gan"),
        ("data", "def f():\n    import repfair_keras.networks.cgan"),
        ("metrics", "from repfair_keras import data"),
        ("registry", "from repfair_keras.data.images import grouping"),
        ("evaluation", "from ..training import run"),
        ("figures", "import tensorflow as tf"),
        ("figures", "from keras import layers"),
        ("figures", "from repfair_keras.networks import cgan"),
    ],
)
def test_a_wrong_import_is_seen(part, source):
    assert len(list(violations(part, source))) == 1


@pytest.mark.parametrize(
    ("part", "source"),
    [
        (
            "data",
            "from repfair_keras.data.images.dataset import RawImages\nfrom repfair_keras.registry import lookup",
        ),
        ("training", "from repfair_keras import __version__\nimport repfair_keras.figures.losses"),
        ("figures", "from repfair_keras.metrics import representation\nimport kerastuner"),
        ("methods", "import keras\nimport tensorflow as tf"),
    ],
)
def test_a_right_import_passes(part, source):
    assert list(violations(part, source)) == []
