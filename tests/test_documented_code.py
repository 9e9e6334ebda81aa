"""What README and guides show runs: Python as it stands but for fewer steps, commands as far as their options."""

import ast
import importlib
import inspect
import json
import re
import shlex
import shutil
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

import repfair_keras as rf
from repfair_keras import registry
from repfair_keras.commands import main as all_commands

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "guide").glob("*.md")),
]
NOT_RUN = "<!-- not run: "
BLOCK = re.compile(
    r"^(?P<mark><!-- not run: [^\n]+ -->\n)?```(?P<kind>\w*)\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE
)
SHORT = {"steps=2000": "steps=2", "steps=4000": "steps=4", "steps_per_epoch=100": "steps_per_epoch=2"}
SMALL = {"n": 200, "instrument_steps": 5, "steps": 2, "verbose": 0}


def blocks(page, kind):
    """Code of a page's blocks of a kind, but for those that say why they are not run."""
    found = BLOCK.finditer(page.read_text("utf-8"))
    return [match["code"] for match in found if match["kind"] == kind and not match["mark"]]


def with_python():
    """Names of pages that show Python."""
    return [str(page.relative_to(ROOT)) for page in PAGES if blocks(page, "python")]


def commands():
    """Every command that a page shows: its name, and its words."""
    found = set()
    for line in (line for page in PAGES for code in blocks(page, "") for line in code.splitlines()):
        if line.startswith("$ "):  # shown with what it prints: an error
            continue
        words = []
        try:
            for word in [*parted(line), ";"]:
                if not set(word) <= set("|&;><"):
                    words.append(word)
                    continue
                place = next(
                    (i for i, one in enumerate(words) if re.match(r"repfair(_keras(\.\w+)?)?$", one)), None
                )
                if place is not None and (place == 0 or words[place - 1] == "-m"):
                    called = [*words[place].partition(".")[2:], *words[place + 1 :]]
                    found.add(shlex.join(one for one in called if one))
                words = []
        except ValueError:  # a quotation over several lines: no command
            continue
    return sorted(found)


def parted(line):
    """Words of a line of a shell, without its comment."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;><")
    lexer.whitespace_split, lexer.commenters = True, "#"
    return list(lexer)


@pytest.fixture
def place(tmp_path, monkeypatch, digit_images):
    """A folder with what the pages suppose; the namespace of their code."""
    monkeypatch.chdir(tmp_path)
    digits, labels = digit_images.pixels[::25], digit_images.labels[::25]
    group = np.array(["black", "white"])[np.arange(len(digits)) % 2]
    for folder, column in (("photos", "sex"), ("my_images", "background")):
        (tmp_path / folder).mkdir()
        for i, image in enumerate(digits[:60]):
            Image.fromarray(image[:, :, 0]).save(tmp_path / folder / f"{i}.png")
        rows = pd.DataFrame({"file_name": [f"{i}.png" for i in range(60)], column: group[:60]})
        rows.to_csv(tmp_path / folder / "metadata.csv", index=False)
    people = pd.DataFrame(
        {"age": np.arange(200) % 40 + 20, "sex": group, "income": ["high", "low", "low", "high"] * 50}
    )
    train, evaluate = rf.train, rf.evaluate
    monkeypatch.setattr(rf, "train", lambda data, **options: train(data, **{**SMALL, **options}))
    few = {"instrument_steps": 5}

    def evaluated(samples, reference):
        return evaluate(
            samples, reference, verbose=0, **({} if isinstance(reference, rf.TableDataset) else few)
        )

    monkeypatch.setattr(rf, "evaluate", evaluated)
    return {
        "rf": rf,
        "images": digits,
        "sex": group,
        "digit": labels,
        "frame": rows.rename(columns={"file_name": "path", column: "sex"}).assign(path=lambda one: one.path),
        "batches": rf_batches(digits, group),
        "people": people,
    }


def rf_batches(images, groups):
    """A finite `tf.data.Dataset` of images and groups."""
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((images, groups)).batch(50)


def executed(page, namespace, changed=SHORT):
    """Executes a page's blocks one after the other, as somebody types them, but for words that are changed."""
    for i, code in enumerate(blocks(page, "python")):
        for long, short in changed.items():
            code = code.replace(long, short)
        exec(compile(code, f"{page.name}, block {i}", "exec"), namespace)
    return namespace


def test_the_train_step_of_the_readme_is_the_methods():
    (shown,) = (
        one
        for one in re.findall(r"```python\n(.*?)```", PAGES[0].read_text("utf-8"), re.DOTALL)
        if "def " in one
    )
    code = ast.parse(textwrap.dedent(inspect.getsource(rf.RepFairGAN.train_step))).body[0]
    code.body = code.body[1:] if ast.get_docstring(code) else code.body
    assert ast.unparse(ast.parse(shown)) == ast.unparse(code)


@pytest.mark.slow
def test_readme(place, quick_classifiers):
    assert executed(PAGES[0], place)["images"].shape == (64, 28, 28, 1)


def test_the_start_page_shows_lines_of_the_readme():
    (start,), readme = blocks(ROOT / "docs" / "index.md", "python"), blocks(PAGES[0], "python")[0]
    lines = {line.split("  #")[0] for line in readme.splitlines()}
    assert {line.split("  #")[0] for line in start.splitlines()} <= lines


@pytest.mark.slow
def test_python_guide(place, monkeypatch, quick_classifiers):
    pytest.importorskip("mlflow", reason="no MLflow: pip install mlflow-skinny")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", Path("tracked").absolute().as_uri())
    data = rf.ImageDataset.from_arrays(place["images"], groups=place["sex"])
    place["other"] = rf.train(data, method="gan", seed=1, out="other")
    rf.train(data, method="gan", seed=2, out="runs/c")
    told = {'"repfair"': '"group_cgan"'}  # told the group: in two steps no generator learns to make both
    page = ROOT / "docs" / "guide" / "python.md"
    made = executed(page, place | {"rows": place["people"]}, SHORT | told)
    assert made["model"].max_grad_norm == 2.0
    assert made["comparison"].to_frame().size and Path("comparison/comparison.md").is_file()


def test_sampling_guide(place):
    shutil.copytree(ROOT / "saved_models" / "repfair_mnist", "runs/a/generator")
    made = executed(ROOT / "docs" / "guide" / "sampling.md", place)
    assert made["images"].shape == (64, 28, 28, 1)
    assert made["sevens"].shape == (3, 28, 28, 1)


@pytest.mark.slow
def test_extending_guide(place, monkeypatch, quick_classifiers):
    monkeypatch.setattr(registry, "_REGISTERED", {kind: {} for kind in registry._REGISTERED})
    executed(ROOT / "docs" / "guide" / "extending.md", place)
    data = rf.ImageDataset.from_arrays(place["images"], groups=place["sex"])
    assert rf.train(data, method="mine", fake_step=0.25, out="runs/mine").config.settings.fake_step == 0.25


def test_every_page_with_python_is_executed_above():
    assert with_python() == [
        "README.md",
        "docs/index.md",
        *(f"docs/guide/{n}.md" for n in ("extending", "python", "sampling")),
    ]


@pytest.mark.parametrize("line", commands())
def test_commands_are_understood(line, capsys, monkeypatch, tmp_path):
    """Of `train` the whole configuration is checked, of the others every option and value."""
    monkeypatch.chdir(tmp_path)
    name, *words = shlex.split(line)
    assert name in all_commands.COMMANDS
    module = importlib.import_module(f"repfair_keras.commands.{name}")
    if name == "train" and not {"--resume", "--config"} & set(words):
        module.main([*words, "--print_config", "true"])
        assert "method" in yaml.safe_load(capsys.readouterr().out)
    elif name == "train":
        assert all(word.lstrip("-") in (*module.every_setting(), *module.OF_RUN) for word in words[::2])
    elif name != "metrics":
        options = module.OPTIONS if hasattr(module, "OPTIONS") else module.make_options()
        assert "--help" in words or options.read(words)


def test_there_are_commands_to_understand():
    assert {shlex.split(line)[0] for line in commands()} >= {
        "train",
        "sample",
        "evaluate",
        "sweep",
        "compare",
        "audit",
    }


def test_the_versions_that_a_report_of_a_bug_asks_for(capsys):
    all_commands.main(["--version"])
    assert json.loads(capsys.readouterr().out)["repfair_keras"] == rf.__version__


@pytest.mark.parametrize("name", all_commands.COMMANDS)
def test_help_names_a_command_that_can_be_called(name, capsys):
    all_commands.main([name, "--help"])
    module = re.search(r"python -m (repfair_keras\.\w+)", capsys.readouterr().out)
    assert module is None or (ROOT / (module[1].replace(".", "/") + ".py")).is_file()
