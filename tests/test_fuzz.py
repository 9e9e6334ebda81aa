"""Damaged files are read or refused, in one message; those on which a reader once failed are kept and read again."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
import fuzz

KEPT = sorted(path for path in fuzz.CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", fuzz.READERS)
def test_files_damaged_at_random(name):
    tried, refused, found = fuzz.fuzz(name, 1.0, seed=12, keep=False)
    assert not found
    assert 0 < refused <= tried or name == "record", "a damaged record is one of no page"


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_files_that_once_failed(path, tmp_path):
    reader, name = fuzz.READERS[path.parent.name], path.name.partition("-")[2]
    assert fuzz.read(reader, name, path.read_bytes(), tmp_path) in (fuzz.READ, fuzz.REFUSED)
