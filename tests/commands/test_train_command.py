"""`python -m repfair_keras.train`, `evaluate` and `sample`, as a user calls them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf
import yaml

from repfair_keras import train
from repfair_keras.commands import evaluate, sample
from repfair_keras.commands.command_line import call
from repfair_keras.core.errors import InputError
from repfair_keras.data.images.loaders import folder
from repfair_keras.sampling import group_decision

TINY = ["--filters", "4", "--latent_size", "8", "--batch_size", "8", "--n", "150", "--verbose", "0"]

pytestmark = pytest.mark.usefixtures("quick_classifiers")


def refused(main, argv, capsys):
    """Calls an entry point, and returns its message; the exit code must be 2."""
    with pytest.raises(SystemExit) as stopped:
        call(main, [str(word) for word in argv])
    assert stopped.value.code == 2
    return capsys.readouterr().err


@pytest.fixture(scope="module")
def from_folder(image_folder, folder_instruments):
    """Function from an output folder and more words to the words of a short training."""
    data = ["--dataset", "folder", "--data_dir", str(image_folder), "--instruments", str(folder_instruments)]

    def words(out, *more):
        return [*data, "--out", str(out), *TINY, *more]

    return words


@pytest.fixture(scope="module")
def run(from_folder, tmp_path_factory):
    """Folder of a run of 30 steps, made by the command line."""
    out = tmp_path_factory.mktemp("cli") / "run"
    call(train.main, from_folder(out, "--steps", "30"))
    return out


def test_default_data_by_the_contract(tmp_path, capsys):
    out = tmp_path / "run"
    words = "--dataset mnist_5k --method repfair --preset small --steps 200 --batch_size 64 --max_grad_norm 2"
    call(
        train.main,
        [*words.split(), "--seed", "0", "--out", str(out), "--n", "500", "--filters", "8", "--verbose", "0"],
    )
    report = json.loads((out / "report.json").read_text())
    assert (report["method"], report["dataset"], report["seed"], report["n"]) == (
        "repfair",
        "mnist_5k",
        0,
        500,
    )
    assert report["groups"] == ["black", "white"]
    assert report["classifier"]["accuracy"] > 0.99
    assert yaml.safe_load((out / "config.yaml").read_text())["steps"] == 200
    printed = capsys.readouterr().out
    for expected in ("black", "white", "undecided", str(out / "report.json"), str(out / "generator")):
        assert expected in printed


def test_evaluate_run_again_keeps_the_first_report(run, capsys):
    first = json.loads((run / "report.json").read_text())
    call(evaluate.main, [str(run), "--n", "100", "--seed", "3"])
    second = json.loads((run / "report.json").read_text())
    assert (second["n"], second["sample_seed"]) == (100, 3)
    assert json.loads((run / "evaluation.1" / "report.json").read_text()) == first


def test_evaluate_an_export_elsewhere(run, image_folder, tmp_path, capsys):
    exported = tmp_path / "model"
    (run / "generator").rename(exported)
    try:
        call(evaluate.main, [str(exported), "--n", "60", "--data_dir", str(image_folder)])
        report = json.loads((tmp_path / "model-evaluation" / "report.json").read_text())
        assert report["n"] == 60
        assert "never overwritten" in refused(
            evaluate.main, [exported, "--n", "60", "--data_dir", image_folder], capsys
        )
    finally:
        exported.rename(run / "generator")


def test_sample(run, tmp_path, capsys):
    for out in ("a", "b"):
        words = [str(run), "--n", "12", "--seed", "5", "--format", "npz", "--out", str(tmp_path / out)]
        call(sample.main, words)
    a, b = (np.load(tmp_path / out / "samples.npz") for out in "ab")
    assert a["images"].shape == (12, 28, 28, 1)
    assert a["images"].dtype == np.uint8
    np.testing.assert_array_equal(a["images"], b["images"])
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert (manifest["n"], manifest["seed"]) == (12, 5)
    assert (tmp_path / "a" / "grid.png").is_file()
    call(sample.main, [str(run), "--n", "12", "--seed", "5", "--out", str(tmp_path / "c")])
    np.testing.assert_array_equal(folder.load(tmp_path / "c").pixels, a["images"])
    words = ["--n", "7", "--labels", "[3,8]", "--out", str(tmp_path / "d")]
    call(sample.main, [str(run / "generator"), *words])
    rows = (tmp_path / "d" / "metadata.csv").read_text().splitlines()
    assert [row.split(",")[1] for row in rows] == ["label", "3", "8", "3", "8", "3", "8", "3"]


def test_samples_of_each_group_are_a_data_set_with_the_column_of_training(run, tmp_path, capsys, monkeypatch):
    """Whatever a generator of 30 steps makes, the classifier sees a group in it."""
    monkeypatch.setattr(
        group_decision.GroupDecider, "decide", lambda self, images: np.arange(len(images)) % 2
    )
    words = ["--n", "10", "--shares", "white=0.7,black=0.3", "--out", str(tmp_path / "out")]
    call(sample.main, [str(run), *words])
    data = folder.load(tmp_path / "out")
    assert data.default_grouping == "background"
    assert data.attributes["background"].tolist() == ["white"] * 7 + ["black"] * 3
    assert "metadata.csv" in capsys.readouterr().out


def test_the_export_needs_tensorflow_alone(run):
    script = (
        "import sys, tensorflow as tf; model = tf.saved_model.load(sys.argv[1]); "
        "print(model.sample(3, 0)['images'].shape, model.sample_labels([1, 2], 0)['labels'].numpy()); "
        "assert not [name for name in sys.modules if name.startswith('repfair')]"
    )
    command = [sys.executable, "-c", script, str(run / "generator")]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env={"PATH": os.environ["PATH"]})
    assert done.stdout.strip() == "(3, 28, 28, 1) [1 2]", done.stderr[-2000:]


def test_model_card_has_the_header_that_hubs_read(run):
    _, header, body = (run / "generator" / "README.md").read_text().split("---\n", 2)
    assert "repfair-keras" in yaml.safe_load(header)["tags"]
    assert "Limits" in body


def test_killed_run_resumes_to_the_same_end(run, from_folder, tmp_path):
    out = tmp_path / "killed"
    words = from_folder(out, "--steps", "30")
    process = subprocess.Popen(
        [sys.executable, "-m", "repfair_keras.train", *words], stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while not (out / "checkpoints" / "gan.npz").is_file() and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    call(train.main, ["--resume", str(out), "--verbose", "0"])
    assert (out / "log.csv").read_text() == (run / "log.csv").read_text()
    first, second = (tf.saved_model.load(str(folder / "generator")) for folder in (run, out))
    assert first.sample(9, 1)["images"].numpy().tobytes() == second.sample(9, 1)["images"].numpy().tobytes()


def test_a_longer_run_equals_one_of_that_length(run, from_folder, tmp_path):
    longer, extended = tmp_path / "longer", tmp_path / "extended"
    call(train.main, from_folder(longer, "--steps", "45"))
    call(train.main, from_folder(extended, "--steps", "30"))
    call(train.main, ["--resume", str(extended), "--steps", "45", "--verbose", "0"])
    assert (extended / "log.csv").read_text() == (longer / "log.csv").read_text()


def test_print_config_shows_the_presets_values(capsys):
    with pytest.raises(SystemExit) as stopped:
        train.main(["--preset", "paper", "--seed", "4", "--print_config"])
    assert stopped.value.code == 0
    printed = yaml.safe_load(capsys.readouterr().out)
    assert (printed["filters"], printed["d_learning_rate"], printed["seed"]) == (128, 0.0002, 4)


def test_flags_come_before_the_file_and_the_file_before_the_preset(tmp_path):
    file = tmp_path / "settings.yaml"
    file.write_text("preset: paper\nfilters: 16\nlatent_size: 32\n")
    from repfair_keras.commands.command_line import named_in, parse

    argv = ["--config", str(file), "--latent_size", "7"]
    options = parse(train.make_parser(**named_in(argv, preset="small")), argv)
    assert (options.filters, options.latent_size, options.last_kernel) == (16, 7, 7)


@pytest.mark.parametrize(
    ("flags", "length"),
    [
        ({}, {"epochs": None, "steps": 9, "vae_epochs": 2, "vae_steps": None}),
        ({"epochs": "3"}, {"epochs": 3, "steps": None}),
        ({"vae_steps": "4", "steps": "8"}, {"steps": 8, "vae_epochs": None, "vae_steps": 4}),
    ],
)
def test_a_length_on_the_command_line_takes_the_place_of_the_files(flags, length):
    stored = {"epochs": None, "steps": 9, "vae_epochs": 2, "vae_steps": None, "seed": 1}
    argv = [f"--{name}={value}" for name, value in flags.items()]
    fields = train.length_of_flags({**stored, **{name: int(value) for name, value in flags.items()}}, argv)
    assert fields == {**stored, **length}


def test_the_file_comes_first_wherever_it_stands():
    assert train.config_first(["--epochs", "2", "--config", "a.yaml", "--seed=1"]) == [
        *("--config", "a.yaml", "--epochs", "2", "--seed=1")
    ]
    assert train.config_first(["--seed", "1", "--config=a.yaml"]) == ["--config=a.yaml", "--seed", "1"]
    assert train.config_first(["--config"]) == ["--config"]


def test_a_stored_configuration_with_another_length(from_folder, tmp_path):
    file = tmp_path / "settings.yaml"
    file.write_text("steps: 3\nseed: 5\n")
    call(train.main, from_folder(tmp_path / "run", "--epochs", "1", "--config", str(file)))
    stored = yaml.safe_load((tmp_path / "run" / "config.yaml").read_text())
    assert (stored["epochs"], stored["steps"], stored["seed"]) == (1, None, 5)


def test_a_checkpoint_of_another_network(run, tmp_path, capsys):
    other = shutil.copytree(run, tmp_path / "other")
    config = yaml.safe_load((other / "config.yaml").read_text())
    (other / "config.yaml").write_text(yaml.safe_dump({**config, "filters": config["filters"] + 1}))
    message = refused(train.main, ["--resume", other, "--steps", "60"], capsys)
    assert "is of another network" in message
    assert "start anew" in message


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--dataset minst", "mnist_5k"),
        ("--method repfare", "Did you mean 'repfair'"),
        ("--preset big", "small, paper"),
        ("--share 0", "share"),
        ("--share 1.5", "share"),
        ("--share nan", "share"),
        ("--share 0.0001", "at least"),
        ("--max_grad_norm 0", "above 0"),
        ("--max_grad_norm -1", "above 0"),
        ("--max_grad_norm nan", "above 0"),
        ("--max_grad_norm=nan", "above 0"),
        ("--steps 0", "at least 1"),
        ("--steps ten", "steps"),
        ("--steps 10 --epochs 1", "one of the two"),
        ("--filtres 3", "--filters"),
        ("--dropout 1", "[0, 1)"),
        ("--seed -1", "seed"),
        ("--clip_scope layer", "global"),
        ("--grouping inverted", "invert"),
        ("--dataset folder", "data_dir"),
        ("--data_dir .", "mnist_5k reads no files"),
        ("--steps_per_execution 7", "divisor"),
        ("--dataset mnist --data_dir /nowhere/at/all", "/nowhere/at/all"),
        ("--config /nowhere.yaml", "nowhere.yaml"),
        ("--resume /nowhere", "not the folder of a run"),
    ],
)
def test_bad_input(words, expected, tmp_path, capsys):
    out = tmp_path / "run"
    message = refused(train.main, [*words.split(), *([] if "resume" in words else ["--out", out])], capsys)
    assert expected in message
    assert not out.exists()


def test_unknown_key_in_a_file(tmp_path, capsys):
    file = tmp_path / "settings.yaml"
    file.write_text("filtres: 16\n")
    message = refused(train.main, ["--config", file], capsys)
    assert "filtres" in message
    assert "--filters" in message


def test_an_infinite_bound(from_folder, tmp_path):
    call(train.main, from_folder(tmp_path / "run", "--steps", "4", "--max_grad_norm", "inf"))
    assert yaml.safe_load((tmp_path / "run" / "config.yaml").read_text())["max_grad_norm"] == float("inf")
    assert (tmp_path / "run" / "report.json").is_file()


def test_a_damaged_configuration(tmp_path, capsys):
    file = tmp_path / "settings.yaml"
    file.write_text("filters: [1")
    assert "settings.yaml" in refused(train.main, ["--config", file], capsys)


def test_a_run_is_not_made_shorter(run, capsys):
    before = (run / "config.yaml").read_text()
    assert "has 30 steps" in refused(train.main, ["--resume", run, "--steps", "5"], capsys)
    assert (run / "config.yaml").read_text() == before


def test_a_run_is_never_overwritten(run, from_folder, capsys):
    before = (run / "report.json").read_bytes()
    assert "never overwritten" in refused(train.main, from_folder(run, "--steps", "5"), capsys)
    assert (run / "report.json").read_bytes() == before


def test_no_write_permission(from_folder, tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert "cannot be written" in refused(train.main, from_folder(blocked / "run"), capsys)


def test_resume_refuses_other_settings(run, capsys):
    assert "--filters" in refused(train.main, ["--resume", run, "--filters", "4"], capsys)


@pytest.mark.parametrize("main", [sample.main, evaluate.main])
def test_a_path_that_is_no_model(main, tmp_path, capsys):
    assert "not a SavedModel" in refused(main, [tmp_path], capsys)


@pytest.mark.parametrize(
    "words", ["--n 0", "--seed -1", "--labels [12]", "--shares marginal", "--format jpg", "--shares grey=1"]
)
def test_bad_samples(words, run, tmp_path, capsys):
    name = words.split()[0].removeprefix("--").removesuffix("s")
    message = refused(sample.main, [run, *words.split(), "--out", tmp_path / "out"], capsys)
    assert name in message
    assert not (tmp_path / "out").exists()


def test_options_are_spelt_in_full():
    """What reads the command line before the parser, the preset of a method, would not see `--meth`."""
    for words in (["--epoch", "3"], ["--meth", "fld_dm"]):
        with pytest.raises(InputError, match=rf"unrecognized arguments: {words[0]} {words[1]}"):
            train.main(words)
