"""Examples for people who read one file: each runs at smoke size, is short, and needs nothing of this package."""

import ast
import runpy
from pathlib import Path
from unittest import mock

import keras
import matplotlib
import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "examples"
EXAMPLES = sorted(FOLDER.glob("*.py"))


def test_there_is_one():
    assert EXAMPLES


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_is_short_and_stands_alone(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 200
    taken = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module])
    }
    assert taken <= {"os", "keras", "matplotlib", "numpy", "tensorflow"}


@pytest.mark.slow
def test_algorithm_1_runs_and_counts(digits, tmp_path, monkeypatch, capsys):
    """On digits at hand in the place of a download."""
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPFAIR_SIZE", "smoke")
    pixels = np.where(digits.groups[:, None, None] == 1, 255 - digits.pixels[..., 0], digits.pixels[..., 0])
    mnist = mock.Mock(return_value=((pixels, digits.labels), None))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", mnist)
    found = runpy.run_path(str(FOLDER / "repfair_gan.py"))
    assert (tmp_path / "repfair_gan.png").stat().st_size > 10_000
    assert capsys.readouterr().out.count("undecided") == 2
    real, group = found["images"][:50], found["group"][:50]
    assert found["shares"](real[group == 1])[1:] == (1.0, 0.0)
    assert found["shares"](np.zeros((3, 28, 28, 1)))[2] == 1.0
    first, second = (batch[0].numpy() for batch in found["batches"](alternating=True).take(2))
    assert found["shares"](first)[0] == found["shares"](second)[1] == 1.0


@pytest.mark.slow
def test_its_bound_holds(digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = (FOLDER / "repfair_gan.py").read_text(encoding="utf-8")
    before = source[: source.index("## Counting the groups")].rsplit('"""', 1)[0]
    monkeypatch.setenv("REPFAIR_SIZE", "smoke")
    mnist = mock.Mock(return_value=((digits.pixels[..., 0], digits.labels), None))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", mnist)
    script = tmp_path / "definitions.py"
    script.write_text(before, encoding="utf-8")
    found = runpy.run_path(str(script))
    images, labels = next(iter(found["batches"](alternating=False)))
    lengths = {}
    for bound in (None, 1e-3):
        keras.utils.set_random_seed(0)
        model = found["GAN"](bound)
        model.compile(0.1)
        model.d_optimizer = keras.optimizers.SGD(1.0)
        before = [variable.numpy() for variable in model.discriminator.trainable_variables]
        model.step_of_discriminator(images, labels, real=True)
        after = [variable.numpy() for variable in model.discriminator.trainable_variables]
        lengths[bound] = np.sqrt(sum(((b - a) ** 2).sum() for a, b in zip(before, after, strict=True)))
    assert lengths[None] > 0.01
    np.testing.assert_allclose(lengths[1e-3], 1e-3, rtol=1e-2)
