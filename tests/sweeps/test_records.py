"""Records: named by what changes a run's numbers, whole or ignored, never mixed with other versions."""

import json

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.core.settings import settings_in
from repfair_keras.methods.settings import BoostedGANSettings, ClippingSettings, RealStepSettings
from repfair_keras.modalities.images import ImageData
from repfair_keras.modalities.tables import TableData
from repfair_keras.runs.config import configure, every_setting
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.sweeps import records
from repfair_keras.sweeps.identity import record_id, record_values, settings_of
from repfair_keras.sweeps.records import (
    describe,
    load_records,
    make_record,
    matching,
    write_record,
)
from repfair_keras.training.run import Plan

OTHER = {
    "dataset": "mnist",
    "data_dir": "/elsewhere",
    "grouping": "shade",
    "share": 0.3,
    "use_labels": False,
    "method": "clipping_only",
    "max_grad_norm": 3.0,
    "clip_fake": True,
    "clip_scope": "variable",
    "preset": "paper",
    "epochs": 7,
    "steps": 90,
    "target": 0.3,
    "cross": "column",
    "figures": False,
    "strength": 0.5,
    "instruments": "/elsewhere",
    "classifier": "/theirs.keras",
    "classifier_groups": ["white", "black"],
    "extractor": "convnext",
    "extractor_layer": "pool",
    "network": "dcgan",
    "beta_2": 0.9,
    "loss": "hinge",
    "update": "joint",
    "spectral_norm": True,
    "norm_conditions": False,
    "augment": ["colour"],
    "ema": 0.9,
    "precision": "mixed_bfloat16",
    "seed": 1,
    "jit_compile": True,
    "confidence": 0.5,
    "max_undecided": 0.1,
    "dropout": 0.1,
    "beta_1": 0.9,
    "label_scale": 2.0,
    "d_learning_rate": 0.5,
    "g_learning_rate": 0.5,
    "base_method": "repfair",
    "theta_weight": 3.0,
    "batches": "mixed",
    "scale": "weights",
    "group_bounds": [1.0, 2.0],
    "weights": [0.5],
    "separate_optimizers": True,
    "as_published": True,
    "selection": "printed",
    "n_bins": 5,
    "alpha": 6.0,
    "statistic": "u",
    "target_from": "code_and_group",
    "code_size": 9,
    "vae_epochs": 9,
    "encoder_rate": 0.5,
    "missing": "category",
    "target_column": "income",
    "encoding": "faithful",
    "rules": "age <= years",
    "keys": "drop",
    "relabel": 0.1,
    "fair_weight": 2.0,
    "fair_share": 0.5,
    "fair_rate": 0.5,
    **{name: ["age"] for name in ("drop", "categorical", "numeric")},
}
LATENT = (
    "alpha",
    "statistic",
    "target_from",
    "code_size",
    "encoder_rate",
    "vae_epochs",
    "vae_steps",
    "diffusion_steps",
)
# Methods that read what the default one does not.
READERS = {
    **dict.fromkeys(("encoder_epochs", "as_published"), "stacked_gan"),
    **dict.fromkeys(set(settings_in(RealStepSettings)) - set(settings_in(ClippingSettings)), "real_step"),
    **dict.fromkeys(settings_in(BoostedGANSettings), "boosted_gan"),
    **dict.fromkeys(LATENT, "fld_dm"),
    **dict.fromkeys(("min_leaf", "relabel"), "fair_trees"),
    "width": "tab_ddpm",
    **dict.fromkeys(("fair_weight", "fair_share", "fair_rate"), "tab_fairgan"),
}
OF_ENGINES = ("min_leaf", "relabel", "width", "fair_weight", "fair_share", "fair_rate")
OF_TABLES = set(settings_in(TableData)) - set(settings_in(ImageData))
NUMBERS_STAY = {"data_dir", "preset", "instruments", "steps_per_execution", "figures"}
FIELDS = [*every_setting(), "method"]


@pytest.mark.parametrize("name", FIELDS)
def test_the_identity_changes_with_what_changes_numbers_and_with_nothing_else(name):
    given = {"dataset": "diabetes", "method": "fld_dm"} if name in (*OF_TABLES, "target_from") else {}
    given |= {"dataset": "diabetes"} if name in OF_ENGINES else {}
    given |= {
        "depth": {"network": "resnet"},
        "norm_conditions": {"spectral_norm": True},
        "weights": {"scale": "weights"},
    }.get(name, {})
    config = configure({"method": READERS.get(name, "repfair"), **given})
    changed = config.replace(**{name: OTHER.get(name, 8)})
    if name == "preset":  # whose values stand in the configuration
        changed = config.replace(preset="paper")
    assert (record_id(config, "data", 1) == record_id(changed, "data", 1)) == (name in NUMBERS_STAY)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, ""),
        ({"alpha": 5.0}, ", alpha 5"),
        ({"epochs": 20}, ", epochs 20"),
        ({"steps": 30, "vae_epochs": 4, "jit_compile": True}, ", vae_epochs 4, steps 30"),
    ],
)
def test_description(settings, told):
    config = configure(dataset="adult", method="fld_dm", **settings)
    assert records.describe(config) == f"adult, fld_dm, seed 0{told}"


@pytest.mark.parametrize("name", ["max_grad_norm", "clip_fake", "clip_scope"])
def test_what_a_method_does_not_read_is_not_in_its_identity(name):
    plain = configure(method="gan")
    of_old = {**record_values(plain), name: OTHER[name]}
    assert settings_of(plain) == settings_of(of_old) == settings_of(record_values(plain))


def test_data_and_version_are_in_the_identity():
    config = configure()
    one = record_id(config, "data", records.NUMBERS)
    assert record_id(config, "other data", records.NUMBERS) != one
    assert record_id(config, "data", records.NUMBERS + 1) != one


def test_a_setting_that_comes_later_leaves_old_identities_alone():
    config = configure(max_grad_norm=3.0)
    stored = {name: value for name, value in record_values(config).items() if name != "probe"}
    assert settings_of(stored) == settings_of(config)


def a_record(config, **more):
    name = record_id(config, "data", records.NUMBERS)
    values = record_values(config)
    fields = {
        "format": records.FORMAT,
        "id": name,
        "numbers": records.NUMBERS,
        "version": "0",
        "commit": None,
    }
    data = {
        "fingerprint": "data",
        "source": "digits",
        "n": 2,
        "groups": ["a", "b"],
        "shares": [0.5, 0.5],
        "classes": [],
    }
    made = {"data": data, "report": {}, "log": [{"step": 1.0}], "seconds": 1.0}
    return {**fields, "config": values, **made, **more}


def test_round_trip_with_picture(tmp_path):
    record = a_record(configure())
    write_record(tmp_path, record, b"picture")
    (found,) = load_records(tmp_path).found
    assert found.pop("picture").read_bytes() == b"picture"
    assert found == record
    assert not list(tmp_path.glob(".*"))


def test_infinity_survives(tmp_path):
    config = configure(max_grad_norm=float("inf"))
    record = a_record(config)
    record["config"]["max_grad_norm"] = "inf"
    write_record(tmp_path, record)
    (found,) = load_records(tmp_path).found
    assert settings_of(found["config"]) == settings_of(config)


def test_other_versions_are_kept_apart(tmp_path):
    old = a_record(configure(), numbers=records.NUMBERS - 1)
    write_record(tmp_path, old)
    write_record(tmp_path, a_record(configure(seed=1)))
    known = load_records(tmp_path)
    assert [record["config"]["seed"] for record in known.found] == [1]
    assert [record["config"]["seed"] for record in known.others] == [0]


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"format": 1}', "\xff"])
def test_what_is_no_record_is_named_and_ignored(tmp_path, text):
    (tmp_path / "0123456789abcdef.json").write_bytes(text.encode("latin-1"))
    known = load_records(tmp_path)
    assert known.found == known.others == []
    assert [path.name for path in known.damaged] == ["0123456789abcdef.json"]


def test_half_a_record_is_ignored(tmp_path):
    record = a_record(configure())
    write_record(tmp_path, record)
    path = tmp_path / f"{record['id']}.json"
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    assert load_records(tmp_path).damaged == [path]


def test_a_record_under_another_name_is_ignored(tmp_path):
    record = a_record(configure())
    (tmp_path / "0000000000000000.json").write_text(json.dumps(record))
    assert len(load_records(tmp_path).damaged) == 1


def test_no_folder_is_no_records(tmp_path):
    assert load_records(tmp_path / "none") == ([], [], [])


def test_matching():
    runs = [a_record(configure(method=method, seed=seed)) for method in ("gan", "repfair") for seed in (0, 1)]
    assert len(matching(runs, method="gan")) == 2
    assert len(matching(runs, method=("gan", "repfair"), seed=1)) == 2
    assert matching(runs, method="other") == []


@pytest.mark.parametrize(
    "damage",
    [{"config": {}}, {"config": {"method": "gan", "colour": 1}}, {"log": None}, {"log": []}, {"log": [3]}],
)
def test_what_is_json_but_no_record_is_damaged(tmp_path, damage):
    write_record(tmp_path, {**a_record(configure()), **damage})
    assert len(load_records(tmp_path).damaged) == 1


def test_a_log_that_another_process_cut_is_refused(tmp_path, digits):
    config = configure(steps=20)
    run = RunDir(tmp_path)
    run.log.write_text("epoch,step\n1,10\n")
    run.versions.write_text(json.dumps({"repfair_keras": "0", "commit": None}))
    with pytest.raises(InputError, match="ends at step 10 of 20"):
        make_record(run, Plan(config, digits, None), {}, "")


def test_runs_are_told_apart_by_what_differs():
    config = configure(seed=3, max_grad_norm=10.0, filters=8, steps=50, share=[0.3, 0.7])
    told = "mnist_5k, repfair, seed 3, share [0.3, 0.7], filters 8, max_grad_norm 10, steps 50"
    assert describe(config) == told
    assert describe(configure(method="gan")) == "mnist_5k, gan, seed 0"
