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

from repfair_keras.commands import evaluate, sample, train
from repfair_keras.commands.command_line import call
from repfair_keras.data.images.loaders import folder
from repfair_keras.sampling import group_decision

TINY = ["--filters", "4", "--latent_size", "8", "--batch_size", "8", "--n", "150", "--verbose", "0"]
NO_FIGURES = ["--figures", "false"]

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


@pytest.mark.slow
def test_default_data_by_the_contract(five_thousand_instruments, tmp_path, capsys):
    out = tmp_path / "run"
    words = "--dataset mnist_5k --method repfair --preset small --steps 200 --batch_size 64 --max_grad_norm 2"
    words += " --seed 0 --n 500 --filters 8 --verbose 0"
    instruments = ["--instruments", str(five_thousand_instruments)]
    call(train.main, [*words.split(), *instruments, "--out", str(out)])
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
        group_decision.GroupDecider, "decide", lambda self, images: np.arange(len(images)) // 500
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


@pytest.mark.slow
def test_killed_run_resumes_to_the_same_end(run, from_folder, tmp_path):
    out = tmp_path / "killed"
    words = from_folder(out, "--steps", "30", *NO_FIGURES)
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


@pytest.mark.slow
def test_a_longer_run_equals_one_of_that_length(run, from_folder, tmp_path):
    longer, extended = tmp_path / "longer", tmp_path / "extended"
    call(train.main, from_folder(longer, "--steps", "45", *NO_FIGURES))
    call(train.main, from_folder(extended, "--steps", "30", *NO_FIGURES))
    call(train.main, ["--resume", str(extended), "--steps", "45", "--verbose", "0"])
    assert (extended / "log.csv").read_text() == (longer / "log.csv").read_text()


def config_of(words, capsys):
    train.main([*words, "--print_config"])
    return yaml.safe_load(capsys.readouterr().out)


def test_print_config_shows_the_presets_values(capsys):
    printed = config_of(["--preset", "paper", "--seed", "4"], capsys)
    assert (printed["filters"], printed["d_learning_rate"], printed["seed"]) == (128, 0.0002, 4)


def test_flags_come_before_the_file_and_the_file_before_the_preset(tmp_path, capsys):
    file = tmp_path / "settings.yaml"
    file.write_text("preset: paper\nfilters: 16\nlatent_size: 32\n")
    for words in (["--config", str(file), "--latent_size", "7"], ["--latent_size=7", f"--config={file}"]):
        printed = config_of(words, capsys)
        assert (printed["filters"], printed["latent_size"], printed["last_kernel"]) == (16, 7, 7)


@pytest.mark.parametrize(
    ("flags", "length"),
    [
        ([], {"epochs": None, "steps": 9, "vae_epochs": 2, "vae_steps": None}),
        (["--epochs", "3"], {"epochs": 3, "steps": None}),
        (["--vae_steps=4", "--steps=8"], {"steps": 8, "vae_epochs": None, "vae_steps": 4}),
    ],
)
def test_a_length_on_the_command_line_takes_the_place_of_the_files(flags, length, tmp_path, capsys):
    stored = {"epochs": None, "steps": 9, "vae_epochs": 2, "vae_steps": None, "seed": 1}
    file = tmp_path / "settings.yaml"
    file.write_text(yaml.safe_dump({**stored, "method": "fld_dm"}))
    printed = config_of(["--config", str(file), *flags], capsys)
    assert {name: printed[name] for name in stored} == {**stored, **length}


@pytest.mark.slow
def test_a_stored_configuration_with_another_length(from_folder, tmp_path):
    file = tmp_path / "settings.yaml"
    file.write_text("steps: 3\nseed: 5\n")
    call(train.main, from_folder(tmp_path / "run", "--epochs", "1", "--config", str(file), *NO_FIGURES))
    stored = yaml.safe_load((tmp_path / "run" / "config.yaml").read_text())
    assert (stored["epochs"], stored["steps"], stored["seed"]) == (1, None, 5)


def test_a_checkpoint_of_another_network(run, tmp_path, capsys):
    other = shutil.copytree(run, tmp_path / "other")
    config = yaml.safe_load((other / "config.yaml").read_text())
    (other / "config.yaml").write_text(yaml.safe_dump({**config, "filters": config["filters"] + 1}))
    message = refused(train.main, ["--resume", other, "--steps", "60"], capsys)
    assert f"is of another run: filters was {config['filters']} and is {config['filters'] + 1}" in message
    assert "start a new run with --config" in message


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
        ("--steps 0", "from 1 to 1,000,000,000"),
        ("--steps ten", "steps"),
        ("--steps 10 --epochs 1", "one of the two"),
        ("--filtres 3", "Did you mean --filters?"),
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
    assert "unknown setting 'filtres'. Did you mean 'filters'?" in message


@pytest.mark.slow
def test_an_infinite_bound(from_folder, tmp_path):
    call(train.main, from_folder(tmp_path / "run", "--steps", "4", "--max_grad_norm", "inf", *NO_FIGURES))
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


def test_options_are_spelt_in_full(capsys):
    for words, meant in ((["--epoch", "3"], "--epochs"), (["--meth", "fld_dm"], "--method")):
        message = refused(train.main, words, capsys)
        assert f"unknown option {words[0]}. Did you mean {meant}?" in message


def test_all_that_is_wrong_is_said_at_once_with_a_command_that_works(capsys):
    words = [
        "--epoch",
        "3",
        "--batch_size",
        "8.5",
        "--use_labels",
        "maybe",
        "--n_bins",
        "4",
        "--seed",
        "1",
        "--steps",
        "2",
        "--epochs",
        "3",
    ]
    message = refused(train.main, words, capsys)
    for expected in (
        "unknown option --epoch",
        "batch_size is '8.5': expected an integer from 1 to 1,000,000,000",
        "use_labels is 'maybe': expected true or false",
        "n_bins is 4, but 'mnist_5k' holds images",
        "epochs and steps is 3 and 2: expected one of the two",
    ):
        assert expected in message
    advice = message.splitlines()[-1].removeprefix("This works: python -m repfair_keras.train ")
    assert yaml.safe_load(advice) is not None
    train.main([*advice.split(), "--print_config"])
    assert yaml.safe_load(capsys.readouterr().out)["seed"] == 1


@pytest.mark.parametrize(
    ("words", "works"),
    [
        (["--loss", "wasserstein_gp"], "--loss wasserstein_gp --update joint"),
        (
            ["--loss", "relativistic", "--real_weight", "0.5", "--seed=3"],
            "--loss relativistic --seed=3 --update joint",
        ),
        (
            ["--method", "real_step", "--scale", "equal", "--batches", "mixed"],
            "--method real_step --scale equal --batches alternating",
        ),
        (
            ["--method", "real_step", "--preset", "modern"],
            "--method real_step --preset modern --update halves --loss non_saturating",
        ),
        (
            ["--method", "real_step", "--loss", "hinge", "--update", "joint"],
            "--method real_step --loss hinge --update halves",
        ),
    ],
)
def test_a_command_that_works_is_another_one_and_was_tried(words, works, capsys):
    advice = refused(train.main, words, capsys).splitlines()[-1]
    assert advice == f"This works: python -m repfair_keras.train {works}"
    train.main([*works.split(), "--print_config"])
    assert "update" in yaml.safe_load(capsys.readouterr().out)


def test_no_command_is_named_that_is_the_one_that_failed(tmp_path, capsys):
    config = tmp_path / "config.yaml"
    config.write_text("loss: wasserstein_gp\nreal_weight: -1\n")
    message = refused(train.main, ["--config", str(config)], capsys)
    assert "real_weight is -1" in message and "This works" not in message


def test_nothing_is_advised_for_a_run_that_goes_on(tmp_path, capsys):
    message = refused(train.main, ["--resume", str(tmp_path), "--batch_size", "8", "--stepz", "3"], capsys)
    assert "unknown option --stepz" in message and "This works" not in message


def test_errors_come_before_tensorflow_and_help_fits_on_two_screens():
    code = (
        "import sys; from repfair_keras.commands.train import main\n"
        "try: main(sys.argv[1:])\n"
        "except ValueError: pass\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules"
    )
    for words in (["--batch_size", "0"], ["--dataset", "folder", "--data_dir", "/nowhere"], ["--help"]):
        result = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) < 80
    assert "--max_grad_norm" in result.stdout
    assert "--alpha" not in result.stdout


def test_help_of_everything_has_the_settings_of_every_method(capsys):
    train.main(["--help", "all"])
    printed = capsys.readouterr().out
    assert all(
        f"--{name}" in printed for name in ("alpha", "n_bins", "encoder_epochs", "selection", "max_grad_norm")
    )


@pytest.mark.slow
def test_a_disk_that_takes_no_more_is_told_and_the_run_goes_on(from_folder, tmp_path):
    """A limit on the size of files in the place of a full disk."""
    command = [sys.executable, "-m", "repfair_keras.train"]
    limit = "import resource, sys, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, -1)); "
    limit += "sys.argv = sys.argv[1:]; runpy.run_module('repfair_keras.train', run_name='__main__')"
    words = from_folder(tmp_path / "run", "--steps", "30", *NO_FIGURES)
    full = subprocess.run([sys.executable, "-c", limit, *command[:1], *words], capture_output=True, text=True)
    assert full.returncode == 1, full.stderr[-2000:]
    assert "instruments/extractor cannot be written: its disk takes no file of that size" in full.stderr
    assert f"Then go on with: python -m repfair_keras.train --resume {tmp_path / 'run'}" in full.stderr
    assert "Traceback" not in full.stderr
    done = subprocess.run(
        [*command, "--resume", str(tmp_path / "run"), "--verbose", "0"], capture_output=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "run" / "report.json").is_file()
