"""Names that users type."""

import importlib.util
from types import SimpleNamespace

import pytest

from repfair_keras import registry
from repfair_keras.core.errors import InputError
from repfair_keras.registry import REGISTRY, lookup, modality_name, names, register_dataset

IMAGES = (
    *(
        "mnist_5k",
        "mnist",
        "fashion_mnist",
        "svhn",
        "cifar10",
        "colour_mnist",
        "biased_colour_mnist",
        "celeb_a",
    ),
    *("folder", "npz"),
)
ENTRIES = [(kind, name) for kind in REGISTRY for name in REGISTRY[kind]]


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_every_entry_leads_somewhere(kind, name):
    module = REGISTRY[kind][name].split(":")[0]
    assert importlib.util.find_spec(module), f"{module} is registered but does not exist"
    assert lookup("dataset" if kind.endswith("_dataset") else kind, name) is not None


def test_data_sets_that_the_documentation_names():
    ours = names("dataset")[: len(IMAGES) + 9]  # those that another test registers come behind
    assert ours == (
        *IMAGES,
        "arrays",
        "diabetes",
        "adult",
        "compas",
        "bank",
        "german",
        "law_school",
        "csv",
        "dataframe",
    )
    assert [name for name in ours if modality_name(name) == "images"] == [*IMAGES, "arrays"]


@pytest.mark.parametrize("kind", ["dataset", *(kind for kind in REGISTRY if not kind.endswith("_dataset"))])
def test_an_unknown_name_lists_the_known_ones(kind):
    with pytest.raises(InputError) as raised:
        lookup(kind, "zzz")
    message = str(raised.value)
    assert f"unknown {kind} 'zzz'" in message
    assert all(name in message for name in names(kind))
    assert "Did you mean" not in message


def test_a_typo_gets_a_suggestion():
    with pytest.raises(InputError, match="Did you mean 'cifar10'"):
        lookup("dataset", "cifar_10")


def test_a_name_that_is_no_text_is_unknown():
    with pytest.raises(InputError, match="unknown dataset None"):
        lookup("dataset", None)


def test_a_data_set_may_be_an_entry_point_and_register_itself(monkeypatch):
    def load():
        return register_dataset("kiosks", modality="tables")(lambda data_dir=None: "rows")

    entry = SimpleNamespace(load=load, value="elsewhere:kiosks")
    found = {"dataset": {"kiosks": entry}}
    monkeypatch.setattr(registry, "_from_entry_points", lambda kind: found.get(kind, {}))
    monkeypatch.setattr(registry, "_REGISTERED", {"method": {}, "dataset": {}})
    assert lookup("dataset", "kiosks")() == "rows"
    with pytest.raises(InputError, match="exists in this package already"):
        register_dataset("mnist", modality="images")(load)
