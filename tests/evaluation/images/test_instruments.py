"""Instruments are made once, taken from elsewhere on demand, and refused for other data."""

import dataclasses

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images import instruments as module
from repfair_keras.evaluation.images.instrument_files import check_source
from repfair_keras.evaluation.images.instruments import prepare_instruments


@pytest.fixture
def never_train(monkeypatch):
    """Makes training fail."""

    def fail(data, verbose):
        raise AssertionError("trained")

    monkeypatch.setattr(module, "attribute_classifier", fail)
    monkeypatch.setattr(module, "train_extractor", fail)


@pytest.mark.usefixtures("never_train")
def test_saved_instruments_are_used(digits, instruments, digit_instruments):
    again = prepare_instruments(digit_instruments, digits)
    assert again.extractor.hash == instruments.extractor.hash
    assert again.reference is digits
    assert set(again.attribute.rules) == {"corner", "mean"}
    assert again.cross is None


@pytest.mark.usefixtures("never_train")
@pytest.mark.parametrize("level", ["", "instruments"])
def test_those_of_another_run_are_taken_and_copied(digits, instruments, digit_instruments, tmp_path, level):
    run = tmp_path / "run"
    run.mkdir()
    (run / "instruments").symlink_to(digit_instruments)
    prepare_instruments(tmp_path / "mine", digits, source=run / level)
    again = prepare_instruments(tmp_path / "mine", digits)
    assert again.extractor.hash == instruments.extractor.hash


@pytest.mark.usefixtures("never_train")
def test_other_data_are_refused(digits, digit_instruments, tmp_path):
    other = dataclasses.replace(digits, groups=1 - digits.groups)
    for folder, source in ((digit_instruments, None), (tmp_path / "new", digit_instruments)):
        with pytest.raises(InputError, match=f"made from other data .*{digits.fingerprint}.*--data_dir"):
            prepare_instruments(folder, other, source=source)
    with pytest.raises(InputError, match="made from other data"):
        check_source(digit_instruments, other)
    assert not (tmp_path / "new").exists()


def test_a_folder_without_instruments_is_named(digits, tmp_path):
    with pytest.raises(InputError, match="holds no instruments"):
        check_source(tmp_path, digits)


def test_fingerprint_is_of_pixels_groups_labels_and_names(digits):
    changes = (
        {"pixels": 255 - digits.pixels},
        {"groups": 1 - digits.groups},
        {"labels": None},
        {"group_names": ("white", "black")},
        {"class_names": tuple("abcdefghij")},
    )
    others = {dataclasses.replace(digits, **change).fingerprint for change in changes}
    assert len({digits.fingerprint, *others}) == 6
    assert dataclasses.replace(digits, pixels=digits.pixels.copy()).fingerprint == digits.fingerprint
