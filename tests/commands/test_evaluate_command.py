"""`python -m repfair_keras.evaluate` on runs, exports and images of other programs, as a user calls it."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from repfair_keras.commands import evaluate, sample, train
from repfair_keras.commands.command_line import call
from repfair_keras.comparison.compare_runs import compare
from repfair_keras.modalities import image_evaluation as reporting

TINY = ["--filters", "4", "--latent_size", "8", "--batch_size", "8", "--n", "150", "--verbose", "0"]
FILES = ("report.json", "report.md", "report.csv", "figures", "instruments")

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick_classifiers")]


def refused(argv, capsys):
    """Calls the entry point, and returns its message; the exit code must be 2."""
    with pytest.raises(SystemExit) as stopped:
        call(evaluate.main, [str(word) for word in argv])
    assert stopped.value.code == 2
    return capsys.readouterr().err


def report_in(folder):
    return json.loads((folder / "report.json").read_text())


@pytest.fixture(scope="module")
def run(npz_file, quick_classifiers, tmp_path_factory):
    """Folder of a run of 20 steps on 150 digits, inverted; `stroke` is a second attribute."""
    out = tmp_path_factory.mktemp("evaluate") / "run"
    data = ["--dataset", "npz", "--data_dir", str(npz_file), "--grouping", "invert"]
    call(
        train.main, [*data, "--steps", "20", "--cross", "stroke", "--target", "0.4", "--out", str(out), *TINY]
    )
    return out


@pytest.fixture(scope="module")
def images(run, npz_file, tmp_path_factory):
    """Folder of images, and an `.npz`, that the run has generated: as any other program's."""
    folder = tmp_path_factory.mktemp("images")
    call(sample.main, [str(run), "--n", "60", "--format", "npz", "--out", str(folder / "drawn")])
    with np.load(folder / "drawn" / "samples.npz") as drawn:
        (folder / "pngs").mkdir()
        for i, pixels in enumerate(drawn["images"]):
            Image.fromarray(pixels.squeeze()).save(folder / "pngs" / f"{i:03}.png")
    return folder


def test_a_run_leaves_report_markdown_row_and_figures(run):
    report = report_in(run)
    assert report["target"] == [0.6, 0.4]
    assert report["intersections"]["attribute"] == "stroke"
    crossed = report["intersections"]
    assert crossed.get("note") or np.sum(crossed["counts"]) <= 150
    assert "# Report: repfair" in (run / "report.md").read_text()
    header, row = (run / "report.csv").read_text().splitlines()
    assert header.count(",") == row.count(",")
    drawn = {path.stem for path in (run / "figures").iterdir()}
    # Where the classifier of so few digits cannot tell their groups, quality is not measured per group.
    assert drawn >= {"representation", "confusion", "nearest", "samples", "assigned"}
    assert ("intersections" in drawn) == ("note" not in crossed)
    assert ("quality" in drawn) == (report["corrected"].get("proportions") is not None)
    for name in drawn:
        assert f"figures/{name}.png" in (run / "report.md").read_text()


def test_evaluated_again_with_other_settings_and_the_first_evaluation_is_kept(run):
    first = {name: (run / name).read_bytes() for name in FILES[:3]}
    figures = {path.name: path.read_bytes() for path in (run / "figures").iterdir()}
    call(evaluate.main, [str(run), "--n", "100", "--seed", "3", "--target", "[0.5,0.5]", "--name", "again"])
    report = report_in(run)
    assert (report["n"], report["sample_seed"], report["target"]) == (100, 3, [0.5, 0.5])
    assert (report["name"], report["method"]) == ("again", "repfair")
    kept = run / "evaluation.1"
    assert {name: (kept / name).read_bytes() for name in FILES[:3]} == first
    assert {path.name: path.read_bytes() for path in (kept / "figures").iterdir()} == figures


def test_same_evaluation_elsewhere_gives_the_same_numbers(run, tmp_path):
    call(evaluate.main, [str(run), "--n", "100", "--seed", "3", "--out", str(tmp_path / "a")])
    call(evaluate.main, [str(run), "--n", "100", "--seed", "3", "--out", str(tmp_path / "b")])
    a, b = report_in(tmp_path / "a"), report_in(tmp_path / "b")
    for report in (a, b):
        del report["timings"], report["wall_seconds"]
    assert a == b


def test_an_evaluation_shows_no_figure_of_an_earlier_one(run, tmp_path):
    out = tmp_path / "run"
    shutil.copytree(run, out)
    (out / "figures" / "intersections_old.png").write_bytes(b"old")
    call(evaluate.main, [str(out), "--n", "9"])
    drawn = {path.name for path in (out / "figures").iterdir()}
    assert "quality.png" not in drawn
    assert "intersections_old.png" not in drawn
    assert "quality.png" not in (out / "report.md").read_text()


def test_a_failed_evaluation_changes_nothing_and_can_be_repeated(
    run, npz_file, images, tmp_path, monkeypatch
):
    def stop(*_, **__):
        raise KeyboardInterrupt

    out, before = tmp_path / "run", sorted(run.rglob("*"))
    shutil.copytree(run, out)
    with monkeypatch.context() as patch:
        patch.setattr(reporting, "make_report", stop)
        for words in (
            [out],
            [images / "pngs", "--dataset", "npz", "--data_dir", npz_file, "--out", tmp_path / "a"],
        ):
            with pytest.raises(SystemExit) as stopped:
                call(evaluate.main, [str(word) for word in words])
            assert stopped.value.code == 130
    assert [path.relative_to(run) for path in before] == [
        path.relative_to(out) for path in sorted(out.rglob("*"))
    ]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["instruments"]
    call(
        evaluate.main,
        [str(images / "pngs"), "--dataset", "npz", "--data_dir", str(npz_file), "--out", str(tmp_path / "a")],
    )
    assert (tmp_path / "a" / "report.json").is_file()


def test_other_instruments_do_not_lose_the_earlier_ones(run, tmp_path):
    out, other = tmp_path / "run", tmp_path / "other"
    shutil.copytree(run, out)
    shutil.copytree(run / "instruments", other)
    shutil.rmtree(out / "evaluation.1", ignore_errors=True)
    file = other / "extractor" / "extractor.json"
    fields = json.loads(file.read_text())
    file.write_text(json.dumps({**fields, "n_train": 7}))
    call(evaluate.main, [str(out), "--n", "30", "--instruments", str(other)])
    kept, now = (
        json.loads((folder / "instruments" / "extractor" / "extractor.json").read_text())["n_train"]
        for folder in (out / "evaluation.1", out)
    )
    assert (kept, now) == (fields["n_train"], 7)


def test_a_damaged_report_does_not_block_a_new_one(run, tmp_path):
    out = tmp_path / "run"
    shutil.copytree(run, out)
    (out / "report.json").write_text("{")
    before = set(out.glob("evaluation.*"))  # another test may have evaluated the run
    call(evaluate.main, [str(out), "--n", "30"])
    assert report_in(out)["n"] == 30
    (kept,) = set(out.glob("evaluation.*")) - before
    assert (kept / "report.json").read_text() == "{"


@pytest.mark.parametrize(
    ("file", "text"), [("extractor.json", "{}"), ("extractor.json", "["), ("model.keras", "x")]
)
def test_damaged_instruments_are_named(file, text, run, tmp_path, capsys):
    out = tmp_path / "run"
    shutil.copytree(run, out)
    (out / "instruments" / "extractor" / file).write_text(text)
    assert file in refused([out], capsys)


@pytest.mark.parametrize("form", ["pngs", "drawn/samples.npz"])
def test_images_of_another_program(form, images, run, npz_file, tmp_path):
    out = tmp_path / "out"
    data = ["--dataset", "npz", "--data_dir", str(npz_file), "--grouping", "invert"]
    call(evaluate.main, [str(images / form), *data, "--instruments", str(run), "--out", str(out)])
    report = report_in(out)
    assert (report["n"], report["seed"], report["dataset"]) == (60, None, "npz")
    assert report["name"] == form.split("/")[-1].split(".")[0]
    assert (report["label_agreement"] is None) == (form == "pngs")
    assert report["quality"]["extractor"] == report_in(run)["quality"]["extractor"]
    assert all((out / name).exists() for name in FILES)


def test_runs_and_images_are_compared(images, run, npz_file, tmp_path):
    data = [
        "--dataset",
        "npz",
        "--data_dir",
        str(npz_file),
        "--grouping",
        "invert",
        "--instruments",
        str(run),
    ]
    call(evaluate.main, [str(images / "pngs"), *data, "--target", "0.4", "--out", str(tmp_path / "images")])
    call(evaluate.main, [str(run), "--n", "60", "--out", str(tmp_path / "run"), "--instruments", str(run)])
    text = compare([tmp_path / "images", tmp_path / "run"]).to_markdown()
    assert "pngs (1 run), repfair (1 run)" in text


def test_images_are_put_beside_by_default_and_never_overwritten(images, run, npz_file, capsys):
    data = ["--dataset", "npz", "--data_dir", npz_file, "--grouping", "invert", "--instruments", run]
    call(evaluate.main, [str(word) for word in (images / "pngs", *data, "--n", "20")])
    assert report_in(images / "pngs-evaluation")["n"] == 20
    assert "never overwritten" in refused([images / "pngs", *data], capsys)


def test_instruments_of_other_data_are_refused(images, run, image_folder, tmp_path, capsys):
    data = ["--dataset", "folder", "--data_dir", image_folder, "--instruments", run]
    assert "made from other data" in refused([images / "pngs", *data, "--out", tmp_path / "out"], capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--n 0", "n is 0"),
        ("--seed -1", "seed"),
        ("--confidence 1.5", "confidence is 1.5"),
        ("--target 1.5", "target: share 1.5 is out of range"),
        ("--target [0.2,0.3,0.5]", "target: share"),
        ("--cross hue", "unknown grouping 'hue'"),
        ("--cross invert", "cross is 'invert', the grouping itself"),
        ("--cross shade", "which changes images"),
        ("--dataset mnist_5k", "knows the data it was trained on"),
        ("--instruments /nowhere", "/nowhere holds no instruments"),
        ("--extracter x", "unknown option --extracter"),
    ],
)
def test_bad_settings_of_a_run(words, expected, run, tmp_path, capsys):
    assert expected in refused([run, *words.split(), "--out", tmp_path / "out"], capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "name the real data"),
        ("--dataset npz", "needs --data_dir"),
        ("--dataset mnist_5k --n 61", "holds 60 images"),
        ("--dataset svhn --data_dir /nowhere/at/all", "/nowhere/at/all"),
    ],
)
def test_bad_settings_of_images(words, expected, images, tmp_path, capsys):
    assert expected in refused([images / "pngs", *words.split(), "--out", tmp_path / "out"], capsys)
    assert not (tmp_path / "out").exists()


def test_images_of_another_size(npz_file, tmp_path, capsys):
    np.savez(tmp_path / "small.npz", images=np.zeros((4, 16, 16), np.uint8))
    words = [tmp_path / "small.npz", "--dataset", "npz", "--data_dir", npz_file]
    assert "(16, 16, 1), but those of 'npz' are (28, 28, 1)" in refused(words, capsys)
    assert not (tmp_path / "small-evaluation").exists()


def test_a_target_or_attribute_that_does_not_fit_is_found_before_training(npz_file, tmp_path, capsys):
    data = ["--dataset", "npz", "--data_dir", str(npz_file), "--steps", "5", "--out", str(tmp_path / "run")]
    for words in (["--target", "0.4"], ["--cross", "strokes"], ["--instruments", "/nowhere"]):
        with pytest.raises(SystemExit) as stopped:
            call(train.main, [*data, *words, *TINY])
        assert stopped.value.code == 2
        assert words[1].strip("/") in capsys.readouterr().err
        assert not (tmp_path / "run").exists()


def test_a_saved_model_of_another_program_says_what_to_do(run, tmp_path, capsys):
    shutil.copytree(run / "generator", tmp_path / "model")
    (tmp_path / "model" / "repfair.json").unlink()
    assert "Draw samples from it" in refused([tmp_path / "model"], capsys)
