"""The cache of decoded images is whole or not there, and killed processes leave nothing in it for good."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from repfair_keras.data.images import pixel_cache, stored
from repfair_keras.data.images.loaders.folder import read_images

NAMES = [f"{i:03}.png" for i in range(30)]
KILLED = """
import os, sys
from repfair_keras.data.images import pixel_cache, stored
stored.IN_MEMORY = 0
cache = pixel_cache.PixelCache(sys.argv[1], os.listdir(sys.argv[1])).__enter__()
cache.room_for((30, 8, 8, 1))[0] = 255
os._exit(9)
"""


@pytest.fixture
def cached(monkeypatch, tmp_path):
    """The folder of the cache, for a folder `images` of 30 images that are too many for memory."""
    monkeypatch.setattr(stored, "IN_MEMORY", 10 * 8 * 8)
    monkeypatch.setattr(pixel_cache, "FEWEST", 1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "images").mkdir()
    for i, name in enumerate(NAMES):
        Image.fromarray(np.full((8, 8), 8 * i, np.uint8)).save(tmp_path / "images" / name)
    return pixel_cache.cache_folder()


def found(tmp_path):
    return read_images(tmp_path / "images", NAMES)[:][:, 0, 0, 0].tolist()


def test_what_a_killed_process_has_left_is_removed(cached, tmp_path):
    ended = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "images"], check=False)
    assert ended.returncode == 9 and len(list(cached.iterdir())) == 1
    with pixel_cache.PixelCache(tmp_path / "images", NAMES):
        assert not list(cached.iterdir())
    assert found(tmp_path) == list(range(0, 240, 8))
    assert len(list(cached.iterdir())) == 2


def test_old_files_of_earlier_versions_are_removed_and_new_ones_may_be_in_use(cached, tmp_path):
    cached.mkdir(parents=True)
    for name in ("half-old", "half-new"):
        (cached / name).write_bytes(b"pixels")
    os.utime(cached / "half-old", (0, 0))
    found(tmp_path)
    assert [path.name for path in cached.glob("half-*")] == ["half-new"]


def test_the_description_gets_its_name_last_and_at_once(cached, tmp_path, monkeypatch):
    named, replace = [], Path.replace

    def noted(path, target):
        named.append(Path(target).name)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", noted)
    found(tmp_path)
    assert len(named) == 2 and named[1] == f"{named[0]}.json"
    assert sorted(path.name for path in cached.iterdir()) == sorted(named)
    assert (cached / named[0]).stat().st_mode & 0o077 == 0  # pictures of persons: for nobody else
