"""Generators on a hub, against a stand-in of its HTTP interface: pushed whole, said what they are, then run."""

import errno
import json

import numpy as np
import pandas as pd
import pytest
import yaml
from stand_in import Hub

import repfair_keras as rf
from repfair_keras.commands import main as commands
from repfair_keras.core.errors import InputError
from repfair_keras.hub.address import Address, read_address
from repfair_keras.sampling.sample import sample_rows

pytest.importorskip("huggingface_hub", reason="no huggingface_hub: pip install -e .[hub]")


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """The stand-in, as the hub that `huggingface_hub` talks to."""
    from huggingface_hub import constants

    server = Hub()
    monkeypatch.setenv("HF_TOKEN", server.token)
    for name in ("ENDPOINT", "_HF_DEFAULT_ENDPOINT"):
        monkeypatch.setattr(constants, name, server.address)
    template = server.address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A tiny run on digits."""
    settings = {"filters": 4, "latent_size": 8, "batch_size": 8, "steps": 4, "n": 100, "instrument_steps": 4}
    return rf.train(
        "mnist_5k",
        method="gan",
        out=tmp_path_factory.mktemp("hub") / "run",
        verbose=0,
        figures=False,
        **settings,
    )


@pytest.mark.slow
def test_what_is_pushed_can_be_loaded_and_makes_the_same_images(hub, run, capsys):
    words = [str(run.path), "--to", "hf://ada/digits", "--license", "cc-by-sa-3.0"]
    commands.main(["push", *words])
    assert capsys.readouterr().out.strip() == f"{hub.address}/ada/digits/commit/{hub.revision('ada/digits')}"
    files = hub.repositories["ada/digits"]
    assert {"saved_model.pb", "variables/variables.index", "repfair.json", "README.md", "report.json"} <= set(
        files
    )
    assert not [name for name in files if name.endswith((".pkl", ".pickle", ".keras", ".h5"))]
    sampler = rf.load_generator("hf://ada/digits", run_graph=True)
    said = capsys.readouterr().err
    assert f"revision {hub.revision('ada/digits')}" in said
    assert "`gan` on `mnist_5k`" in said
    assert "no operation that reaches beyond it" in said
    mine = rf.load_generator(run.path)
    np.testing.assert_array_equal(*(one.generate(5, seed=3).images for one in (sampler, mine)))


@pytest.mark.slow
def test_the_card_has_licence_and_results_that_machines_read(hub, run):
    rf.push(run, "hf://ada/digits", license="cc-by-sa-3.0", private=True)
    assert hub.made["ada/digits"].get("private") or hub.made["ada/digits"].get("visibility") == "private"
    card = hub.repositories["ada/digits"]["README.md"].decode()
    header = yaml.safe_load(card.split("---\n")[1])
    assert header["license"] == "cc-by-sa-3.0"
    (index,) = header["model-index"]
    (result,) = index["results"]
    found = {metric["type"]: metric["value"] for metric in result["metrics"]}
    assert index["name"] == "digits" and result["dataset"]["type"] == "mnist_5k"
    assert found["undecided"] == run.report.undecided
    assert "# gan on mnist_5k" in card
    stored = json.loads(hub.repositories["ada/digits"]["report.json"])
    assert stored == run.report.to_dict()


@pytest.mark.slow
def test_a_generator_of_rows_is_pushed_and_loaded_too(hub, tmp_path):
    frame = pd.DataFrame({"sex": ["f", "m"] * 60, "age": [20 + i % 50 for i in range(120)]})
    frame["rich"] = ["no", "no", "yes"] * 40
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    run = rf.train(data, method="cart", out=tmp_path / "people", n=60, figures=False, verbose=0)
    rf.push(run, "hf://ada/people", license="other")
    header = yaml.safe_load(hub.repositories["ada/people"]["README.md"].decode().split("---\n")[1])
    (result,) = header["model-index"][0]["results"]
    found = {metric["type"]: metric["value"] for metric in result["metrics"]}
    assert found["shapes"] == run.report.values.shapes["score"]
    sampler = rf.load_generator("hf://ada/people", run_graph=True)
    pd.testing.assert_frame_equal(sample_rows(sampler, 50, seed=1).frame, run.sample(50, seed=1))


@pytest.mark.slow
def test_nothing_is_run_before_it_was_asked_for(hub, run):
    rf.push(run, "hf://ada/digits", license="other")
    with pytest.raises(InputError, match=r"program of whoever pushed it.*was not run.*run_graph=True"):
        rf.load_generator("hf://ada/digits")
    hub.repositories["ada/digits"]["model.pkl"] = b"never fetched"
    rf.load_generator("hf://ada/digits", run_graph=True)
    assert not [path for _, path in hub.asked if path.endswith("model.pkl")]


@pytest.mark.slow
def test_a_graph_that_reaches_beyond_itself_is_refused_all_the_same(hub, run, tmp_path):
    import tensorflow as tf

    class Reads(tf.Module):
        @tf.function(input_signature=[])
        def sample(self):
            return {"images": tf.io.read_file("/etc/hostname")}

    rf.push(run, "hf://ada/digits", license="other")
    tf.saved_model.save(Reads(), str(tmp_path / "bad"))
    hub.repositories["ada/digits"]["saved_model.pb"] = (tmp_path / "bad" / "saved_model.pb").read_bytes()
    with pytest.raises(InputError, match=r"reach beyond it: ReadFile"):
        rf.load_generator("hf://ada/digits")
    with pytest.raises(InputError, match=r"ReadFile.*It was not loaded"):
        rf.load_generator("hf://ada/digits", run_graph=True)


def test_what_the_hub_refuses_is_said_with_a_cure(hub, monkeypatch):
    with pytest.raises(InputError, match=r"hf://ada/nothing: the hub has answered: .*Check the address"):
        rf.load_generator("hf://ada/nothing")
    hub.repositories["ada/other"] = {"weights.bin": b"1"}
    with pytest.raises(InputError, match=r"no saved_model.pb with a repfair.json.*Found: weights.bin"):
        rf.load_generator("hf://ada/other")
    hub.repositories["ada/broken"] = {"saved_model.pb": b"1", "repfair.json": b"{"}
    with pytest.raises(InputError, match=r"repfair.json is damaged"):
        rf.load_generator("hf://ada/broken")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"repfair.json": b"[" * 100_000}, "repfair.json is damaged"),
        ({"../../x": b"1", "repfair.json": b"{}"}, r"the hub has answered|damaged"),
    ],
)
def test_hostile_repositories(hub, files, told):
    hub.repositories["ada/odd"] = {"saved_model.pb": b"1", **files}
    with pytest.raises(InputError, match=told):
        rf.load_generator("hf://ada/odd")


def test_words_of_strangers_are_shown_without_what_moves_the_cursor(hub):
    config = json.dumps({"method": "gan\x1b[2J\nIts graph is safe", "dataset": "d" * 500})
    hub.repositories["ada/odd"] = {
        "saved_model.pb": b"",
        "repfair.json": json.dumps({"config": config}).encode(),
    }
    with pytest.raises(InputError) as refused:
        rf.load_generator("hf://ada/odd")
    assert "\x1b" not in str(refused.value) and "\n" not in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_a_hub_that_is_not_there(hub, monkeypatch):
    from huggingface_hub import constants

    for name in ("ENDPOINT", "_HF_DEFAULT_ENDPOINT"):
        monkeypatch.setattr(constants, name, "http://127.0.0.1:9")  # where nothing listens
    with pytest.raises(InputError, match=r"hf://ada/digits: the hub has answered: .*Check the network"):
        rf.load_generator("hf://ada/digits")


def test_a_full_disk_is_told_as_one(hub, monkeypatch):
    import huggingface_hub

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", "cache/x")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", full)
    hub.repositories["ada/odd"] = {"saved_model.pb": b"", "repfair.json": b"{}"}
    with pytest.raises(OSError, match="No space left"):
        rf.load_generator("hf://ada/odd")


def test_commands_say_how_a_generator_on_a_hub_is_fetched(tmp_path):
    with pytest.raises(InputError, match=r"rf\.load_generator\('hf://ada/digits', run_graph=True\)"):
        commands.main(["sample", "hf://ada/digits", "--out", str(tmp_path / "out")])


@pytest.mark.slow
def test_a_wrong_token_is_said_with_a_cure(hub, run, monkeypatch):
    hub.token = "another"
    with pytest.raises(InputError, match=r"Log in: hf auth login"):
        rf.push(run, "hf://ada/digits", license="other")


@pytest.mark.slow
def test_what_does_not_fit_is_refused_before_anything_is_sent(hub, run, tmp_path):
    with pytest.raises(InputError, match="license is not given"):
        rf.push(run, "hf://ada/digits", license="")
    with pytest.raises(InputError, match="to is null: expected hf://user/name"):
        commands.main(["push", str(run.path), "--license", "other"])
    with pytest.raises(InputError, match="a revision is made by pushing"):
        rf.push(run, "hf://ada/digits@main", license="other")
    with pytest.raises(InputError):
        rf.push(tmp_path, "hf://ada/digits", license="other")
    assert hub.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "ada/digits",
        "hf://ada",
        "hf://ada/digits/more",
        "hf://../digits",
        "hf://ada/di gits",
        "hf://ada/d@../x",
    ],
)
def test_addresses(text):
    with pytest.raises(InputError, match="expected hf://user/name"):
        read_address(text)
    assert read_address("hf://ada/digits@v1.0") == Address("ada/digits", "v1.0")
