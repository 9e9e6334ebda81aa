"""What strangers and careless people give: each gets one clear error, exit code 2, in little time and memory."""

import itertools
import os
import re
import struct
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from repfair_keras.commands import evaluate, sweep, train
from repfair_keras.commands.command_line import call
from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import check_names
from repfair_keras.data.images.loaders import folder as folders
from repfair_keras.evaluation.images.instrument_files import read_fields

N = 40
GROUPS = np.array(["a", "b"] * (N // 2))


def pixels(n=N):
    return np.random.default_rng(0).integers(0, 256, (n, 8, 8), dtype=np.uint8)


def refusal(main, words, capsys):
    """The message of a command that must end with exit code 2."""
    with pytest.raises(SystemExit) as stopped:
        call(main, [str(word) for word in words])
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ") and "Traceback" not in error and len(error) < 5000
    return error


def saved(path, **arrays):
    np.savez(path, **{"images": pixels(), "group": GROUPS, **arrays})
    return path


def with_member(path, name, content):
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, content)


def claiming(shape, dtype="|u1", there=100):
    """An .npy that claims a shape, with so many bytes."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(there)


def no_array(path):
    with_member(saved(path), "notes.txt", "hello")


def ten_trillion(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("images.npy", claiming((10**13, 8, 8)))


def negative(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("images.npy", claiming((-5, 8, 8)))


def encrypted(path):
    content = bytearray(saved(path).read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags of every member
        for found in re.finditer(re.escape(mark), bytes(content)):
            content[found.start() + place] |= 1
    path.write_bytes(content)


def bomb(path):
    """Kilobytes that are a hundred megabytes of zeros, and say that they are a terabyte."""
    content = claiming((2**30, 32, 32), there=10**8)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", content)


def twice(path):
    saved(path)
    with pytest.warns(UserWarning, match="Duplicate"):
        with_member(path, "group.npy", claiming((40,)))


NPZ = {
    "a member that is no array": (no_array, "array 'notes.txt' is no array"),
    "a header that claims ten trillion images": (ten_trillion, "claims a shape of (10000000000000, 8, 8)"),
    "a negative shape": (negative, "claims a shape of (-5, 8, 8)"),
    "encrypted members": (encrypted, "is encrypted"),
    "a bomb": (bomb, "claims a shape of (1073741824, 32, 32)"),
    "an array twice": (twice, "stands there twice"),
    "a named pipe": (os.mkfifo if hasattr(os, "mkfifo") else None, "is a named pipe"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "is a device"),
    "nothing but black": (lambda path: saved(path, images=0 * pixels()), "every pixel of every image is 0"),
    "a mask of 0 and 1": (lambda path: saved(path, images=pixels() % 2), "store (images * (255 / 1))"),
    "groups that differ by case": (
        lambda path: saved(
            path, group=[*np.where(np.arange(N) % 4, GROUPS, "Male").astype("U9").tolist()[:-1], "male"]
        ),
        "'Male' and 'male', which are one name written in two ways",
    ),
    "groups that differ by blanks": (
        lambda path: saved(path, group=["fe male", "fe  male"] * (N // 2)),
        "one name written in two ways",
    ),
    "a group with the name of a terminal's command": (
        lambda path: saved(path, group=["a", "b\x1b[2J"] * (N // 2)),
        "cannot be printed",
    ),
    "a group with an endless name": (
        lambda path: saved(path, group=["a", "b" * 10**6] * (N // 2)),
        "1,000,000 characters",
    ),
}


@pytest.mark.parametrize(("make", "told"), NPZ.values(), ids=NPZ)
def test_npz(make, told, tmp_path, capsys):
    if make is None or sys.platform == "win32":
        pytest.skip("no such files here")
    path = tmp_path / "mine.npz"
    make(path)
    words = ["--dataset", "npz", "--data_dir", path, "--grouping", "group", "--out", tmp_path / "run"]
    assert told in refusal(train.main, words, capsys)
    assert not (tmp_path / "run").exists()


def test_members_that_are_not_needed_are_not_read(tmp_path):
    from repfair_keras.data.images.loaders import npz

    path = saved(tmp_path / "mine.npz")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("embeddings.npy", claiming((N + 1, 50), there=(N + 1) * 50))
    content = bytearray(path.read_bytes())
    place = content.index(b"embeddings.npy") + len(b"embeddings.npy") + 25
    content[place + 60 : place + 62] = b"\xff\xff"  # beyond its header
    path.write_bytes(content)
    assert npz.load(path).attributes.keys() == {"group"}


@pytest.fixture
def people(tmp_path):
    """A folder of images, and a function that writes its list."""
    root = tmp_path / "people"
    root.mkdir()
    for i, image in enumerate(pixels(24)):
        Image.fromarray(image).save(root / f"{i}.png")

    def listed(first="0.png", labels=None):
        names = [first, *(f"{i}.png" for i in range(1, 24))]
        rows = [
            f"{name},{'fm'[i % 2]},{'x' if labels is None else labels[i % len(labels)]}"
            for i, name in enumerate(names)
        ]
        (root / "metadata.csv").write_text("\n".join(["file_name,sex,label", *rows]) + "\n")
        return root

    return listed


def train_words(root, tmp_path):
    return ["--dataset", "folder", "--data_dir", root, "--grouping", "sex", "--out", tmp_path / "run"]


def test_an_animated_png(people, tmp_path, capsys):
    frames = [Image.fromarray(image) for image in pixels(3)]
    frames[0].save(people() / "0.png", save_all=True, append_images=frames[1:])
    assert "0.png has 3 frames" in refusal(train.main, train_words(people(), tmp_path), capsys)


def test_a_link_that_leaves_the_folder(people, tmp_path, capsys):
    Image.fromarray(pixels(1)[0]).save(tmp_path / "elsewhere.png")
    root = people()
    (root / "0.png").unlink()
    (root / "0.png").symlink_to(tmp_path / "elsewhere.png")
    assert "is a link to" in refusal(train.main, train_words(root, tmp_path), capsys)


def test_a_rotation_that_a_camera_noted_is_applied(people):
    plain, turned = Image.fromarray(pixels(1)[0]), Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter, clockwise
    root = people()
    plain.save(root / "0.png", exif=turned, pnginfo=PngImagePlugin.PngInfo())
    np.testing.assert_array_equal(folders.load(root).pixels[0, :, :, 0], np.rot90(pixels(1)[0], -1))


@pytest.mark.parametrize("labels", [("1", "1.0"), ("1", "01"), ("cat", "Cat "), ("ﬁ x", "fi x")])
def test_one_label_in_two_ways(labels, people, tmp_path, capsys):
    told = refusal(train.main, train_words(people(labels=labels), tmp_path), capsys)
    assert "written in two ways" in told


@pytest.mark.parametrize(
    "names", [("a", "A"), ("1", "2"), ("female", "male"), ("0-9", "10-19"), ("1e5", "100000")]
)
def test_names_that_differ(names):
    check_names(names, "class", "letters")


YAML = {
    "a key twice": ("steps: 5\nseed: 1\nsteps: 7\n", "'steps' stands there twice"),
    "an anchor that doubles": (
        "\n".join(
            ["a: &a [x, x, x, x, x, x, x, x, x]"]
            + [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in itertools.pairwise("abcdefghi")]
        ),
        "more than 100,000 values",
    ),
    "three thousand levels": ("steps: " + "[" * 3000, "nested too deeply"),
    "itself": ("steps: &a [*a]", "it holds itself"),
    "ten megabytes": ("# " + "x" * 10**7, "expected at most 1,000,000"),
    "a number of thousands of digits": (f"steps: {'9' * 5000}", "5000 digits"),
}


@pytest.mark.parametrize(("text", "told"), YAML.values(), ids=YAML)
def test_yaml(text, told, tmp_path, capsys):
    (tmp_path / "run.yaml").write_text(text)
    assert told in refusal(train.main, ["--config", tmp_path / "run.yaml", "--out", tmp_path / "run"], capsys)


def test_a_million_combinations_are_counted_first(tmp_path, capsys):
    seeds = list(range(1000))
    (tmp_path / "sweep.yaml").write_text(f"grid:\n  seed: {seeds}\n  steps: {[step + 1 for step in seeds]}\n")
    told = refusal(sweep.main, [tmp_path / "sweep.yaml", "--out", tmp_path / "records"], capsys)
    assert "1,000,000 combinations, 1,000 of seed x 1,000 of steps: expected at most 100,000" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--n", 10**12], "n is 1000000000000: expected an integer from 1 to 10,000,000"),
        (["--probe", 10**10], "probe is 10000000000: expected an integer from 0 to 1,000,000"),
        (["--filters", 10**7], "filters is 10000000: expected an integer from 1 to 1,024"),
        (["--batch_size", 10**9], "training takes at least"),
        (["--latent_size", 10**9], "latent_size is 1000000000"),
        (["--config", "/dev/zero"], "is a device"),
    ],
)
def test_numbers(words, told, tmp_path, capsys):
    assert told in refusal(train.main, ["--dataset", "mnist_5k", *words, "--out", tmp_path / "run"], capsys)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ('{"names": ["a", "b"]}', "has no 'candidate'"),
        ("[1]", "is damaged"),
        (
            '{"names": ["a", "b"], "candidate": "x", "tried": {}, "n_train": 3, "data": "d", "calibration": '
            '{"temperature": -1, "bias": [0, 0]}}',
            "calibration.temperature is -1",
        ),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_edited_instruments(fields, told, tmp_path):
    (tmp_path / "classifier.json").write_text(fields)
    with pytest.raises(InputError, match=re.escape(told)):
        read_fields(tmp_path, "classifier")


def test_generated_images_of_0_and_1_are_asked_about(tmp_path, capsys):
    saved(tmp_path / "real.npz")
    np.savez(tmp_path / "made.npz", images=pixels() % 2)
    words = [
        tmp_path / "made.npz",
        "--dataset",
        "npz",
        "--data_dir",
        tmp_path / "real.npz",
        "--out",
        tmp_path / "told",
    ]
    assert "store (images * (255 / 1))" in refusal(evaluate.main, words, capsys)
