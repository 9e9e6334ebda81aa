"""Damages files that the package reads, at random and for as long as asked; whatever is not told clearly is kept.

Each reader gets valid files with bytes, lines or values changed, cut, doubled and mixed. It may read them, or refuse
them in one message; an error of another kind, more than ten seconds, or a gigabyte is a failure: the file is kept
in `tests/corpus/`, which the suite reads again.
"""

import argparse
import hashlib
import json
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from pathlib import Path

import numpy as np
import yaml
from PIL import Image

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus"
SECONDS, MEGABYTES = 10, 1000  # that one file may take
WORDS = [
    *(
        "",
        " ",
        "null",
        "~",
        "nan",
        "inf",
        "-1",
        "0",
        "1e999",
        "9" * 40,
        "true",
        "[]",
        "{}",
        "\x00",
        "\u202e",
        "é",
    ),
    *(
        "=1+1",
        "<b>",
        "../..",
        "/dev/zero",
        "*a",
        "&a",
        "<<",
        "'",
        '"',
        "\n",
        ",",
        ";",
        "9" * 5000,
        "a" * 3000,
    ),
]
VALUES = [
    None,
    True,
    -1,
    0,
    10**12,
    10**40,
    1e308,
    float("nan"),
    "",
    "a" * 500,
    "\x00",
    [],
    [[]],
    {},
    {"a": 1},
    [None],
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for all readers together")
    parser.add_argument("--readers", nargs="+", choices=READERS, default=list(READERS))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    import repfair_keras.training.checkpoint  # noqa: F401  # with TensorFlow, which takes seconds

    failures = 0
    for name in options.readers:
        tried, refused, found = fuzz(name, options.seconds / len(options.readers), options.seed)
        failures += len(found)
        print(f"{name}: {tried} files, {refused} refused, {len(found)} failures", flush=True)
        for path, text in found.items():
            print(f"  {path}: {text.splitlines()[-1] if text else ''}")
    sys.exit(bool(failures))


def fuzz(name, seconds, seed=0, keep=True):
    """Tries a reader for some seconds; returns how many files it was given, refused, and those on which it failed.

    Args:
        name: of `READERS`.
        seconds: how long.
        seed: seed of the damage.
        keep: whether files that failed are kept in the corpus.

    Returns:
        `(tried, refused, found)`: two numbers, and a dict of a file's name to the traceback.
    """
    reader, rng, found, tried, refused = READERS[name], random.Random(f"{name} {seed}"), {}, 0, 0
    kinds = set()
    with tempfile.TemporaryDirectory() as root:
        seeds = reader.seeds(Path(root, "seeds"))
        end = time.monotonic() + seconds
        while time.monotonic() < end or not tried:
            original = rng.choice(seeds)
            content = damage(original.read_bytes(), original.suffix, rng)
            outcome = read(reader, original.name, content, Path(root))
            tried, refused = tried + 1, refused + (outcome == REFUSED)
            kind = re.sub(r"\d+|'.*'", "", outcome)[-400:]
            if outcome not in (READ, REFUSED) and kind not in kinds:  # one of each kind
                kinds.add(kind)
                kept = f"{name}/{hashlib.sha256(content).hexdigest()[:12]}-{original.name}"
                if keep:
                    (CORPUS / kept).parent.mkdir(parents=True, exist_ok=True)
                    (CORPUS / kept).write_bytes(content)
                found[kept] = outcome
    return tried, refused, found


READ, REFUSED = "read", "refused"


def read(reader, name, content, root):
    """Gives a reader one file; returns `READ`, `REFUSED`, or the traceback of what it should not have raised."""
    from repfair_keras.core.errors import InputError
    from repfair_keras.training.checkpoint import DamagedError

    place = root / "tried"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    path = reader.place(place, name, content)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader.read(path)
        outcome = READ
    except (InputError, DamagedError) as error:
        outcome = (
            REFUSED if str(error) and len(str(error)) < 5000 else f"a message of {len(str(error))} characters"
        )
    except Exception:
        outcome = traceback.format_exc()
    finally:
        signal.alarm(0)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    if grown > MEGABYTES:
        return f"it took {grown:.0f} MB"
    return (
        outcome
        if time.monotonic() - started < SECONDS
        else f"it took {time.monotonic() - started:.0f} seconds"
    )


def _too_long(*_):
    raise TimeoutError(f"more than {SECONDS} seconds")


def damage(content, suffix, rng):
    """Returns a file's content, changed in one to four places."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        ways = [flip, cut, double, mix]
        if suffix in (".json", ".yaml"):
            ways += [value, value, value]
        if suffix in (".json", ".yaml", ".csv"):
            ways += [word, word, line]
        if suffix == ".npz":
            ways += [member, member]
        content = rng.choice(ways)(content, rng)
    return content


def flip(content, rng):
    changed = bytearray(content)
    for _ in range(rng.choice((1, 2, 8))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.choice((0, 255, 10, 44, rng.randrange(256)))
    return bytes(changed)


def cut(content, rng):
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[min(len(content), start + rng.choice((1, 7, 100, len(content)))) :]


def double(content, rng):
    start = rng.randrange(len(content) + 1)
    part = content[start : start + rng.choice((1, 10, 200))]
    return content[:start] + part * rng.choice((2, 50)) + content[start:]


def mix(content, rng):
    place = rng.randrange(len(content) + 1)
    return content[place:] + content[:place]


def word(content, rng):
    """A word of a text becomes another."""
    text = content.decode("utf-8", "replace")
    place = rng.randrange(len(text) + 1)
    end = place + rng.choice((0, 1, 5))
    return (text[:place] + rng.choice(WORDS) + text[end:]).encode("utf-8", "replace")


def line(content, rng):
    lines = content.split(b"\n")
    place = rng.randrange(len(lines))
    change = rng.choice(
        (lines[place : place + 1] * 2, [], [lines[place] + b",more"], rng.sample(lines, len(lines)))
    )
    return b"\n".join([*lines[:place], *change, *lines[place + 1 :]])


def value(content, rng):
    """A value in JSON or YAML becomes another."""
    try:
        tree = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError):
        return content
    places = []

    def walk(node):
        for key in node if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], (dict, list)):
                walk(node[key])

    if isinstance(tree, (dict, list)):
        walk(tree)
    if places:
        node, key = rng.choice(places)
        node[key] = rng.choice(VALUES)
    return json.dumps(tree, default=str).encode()


def member(content, rng):
    """An array of an .npz gets another shape or type, or what is no array."""
    import io

    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: np.atleast_1d(file[name]) for name in file.files if name != "notes.txt"}
    except Exception:  # damaged before
        return content
    name = rng.choice(list(arrays) or ["images"])
    old = arrays.get(name, np.zeros(1))
    arrays[name] = rng.choice(
        (
            *(old[:1], old.ravel(), old.astype("U"), np.zeros(0), np.array(3), np.full(old.shape, np.nan)),
            *(
                np.full(old.shape, 1, np.uint8),
                old[..., np.newaxis],
                np.array(["a"] * max(len(np.atleast_1d(old)), 1)),
            ),
            np.full(old.shape, -(10**12)),
        )
    )
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    if rng.random() < 0.2:
        with zipfile.ZipFile(stream, "a") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name that is there already
            archive.writestr(rng.choice(("notes.txt", "../x.npy", "images.npy")), b"no array")
    return stream.getvalue()


class Reader:
    """How a kind of file is made, placed and read. A kind that lies alone in a folder needs `read` alone."""

    def __init__(self, seeds, read, place=None):
        self.read, self._seeds, self._place = read, seeds, place

    def seeds(self, folder):
        """Writes valid files; returns their paths."""
        folder.mkdir(parents=True)
        self._seeds(folder)
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def place(self, folder, name, content):
        """Writes one damaged file where it is read from; returns that place."""
        path = folder / name
        if self._place is not None:
            return self._place(folder, name, content)
        path.write_bytes(content)
        return path


def digits():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (24, 8, 8), dtype=np.uint8)
    return pixels, np.array(["a", "b"] * 12)


def options_files(folder):
    (folder / "run.yaml").write_text(
        "dataset: mnist_5k\nmethod: repfair\nsteps: 20\nshare: [0.3, 0.7]\nn: 100\n"
    )


def sweep_files(folder):
    (folder / "sweep.yaml").write_text(
        "base:\n  steps: 20\ngrid:\n  method: [gan, repfair]\n  seed: [0, 1]\n"
    )


def array_files(folder):
    pixels, groups = digits()
    np.savez(folder / "plain.npz", images=pixels, group=groups, labels=np.arange(24) % 3)
    np.savez_compressed(folder / "small.npz", images=pixels / 255, group=groups)


def image_files(folder):
    pixels, _ = digits()
    Image.fromarray(pixels[0]).save(folder / "0.png")
    Image.fromarray(pixels[0]).save(folder / "1.jpg")
    (folder / "metadata.csv").write_text("file_name,label,sex\n0.png,1,f\n1.jpg,2,m\n")


def image_folder(folder, name, content):
    image_files(folder)
    (folder / name).write_bytes(content)
    return folder


def table_files(folder):
    rng = np.random.default_rng(0)
    rows = [
        f"{age},{'f' if age % 2 else 'm'},{'yes' if age % 3 else 'no'},{wage:.2f}"
        for age, wage in zip(rng.integers(18, 90, 60), rng.random(60) * 1e4, strict=True)
    ]
    (folder / "table.csv").write_text("\n".join(["age,sex,hired,wage", *rows]) + "\n")


def read_table(path):
    from repfair_keras.data.tables.loaders.csv import load
    from repfair_keras.data.tables.preprocess import prepare

    prepare(load(path), sensitive="sex", target="hired")


def prediction_files(folder):
    (folder / "told.csv").write_text("name,group\n" + "".join(f"{i}.png,{'fm'[i % 2]}\n" for i in range(20)))
    (folder / "chances.csv").write_text(
        "f,m,true\n" + "".join(f"0.{i},{1 - i / 10:.1f},f\n" for i in range(10))
    )


def read_predictions(path):
    from repfair_keras.evaluation.predictions import read_predictions as read

    read(path)


def confusion_files(folder):
    (folder / "counts.csv").write_text(",f,m\nf,40,2\nm,1,50\n")


def read_confusion(path):
    from repfair_keras.evaluation.confusion_counts import read_confusion as read

    read(path)


def report_files(folder):
    report = {
        "name": "gan", "groups": ["f", "m"], "n": 100, "proportions": [0.4, 0.6], "gap": 0.2, "undecided": 0.1,
        "intervals": [[0.3, 0.5], [0.5, 0.7]], "test": {"name": "exact", "p_value": 0.2},
        "corrected": {"proportions": [0.4, 0.6], "intervals": [[0.3, 0.5], [0.5, 0.7]], "level": 0.99, "p_value": 0.1},
        "quality": {"overall": {"fid": 3.1, "kid": None}}, "classes": ["0"], "by_class": [[0.4, 0.6]],
    }  # fmt: skip
    (folder / "report.json").write_text(json.dumps(report))


def read_report(path):
    from repfair_keras.evaluation.report import read_report_file

    report = read_report_file(path)
    str(report), report.to_frame(), report.to_row(), report._repr_html_()


def record_files(folder):
    from repfair_keras.runs.config import configure
    from repfair_keras.sweeps.identity import record_id, record_values
    from repfair_keras.sweeps.records import FORMAT, NUMBERS

    config = configure(dataset="mnist_5k")
    name = record_id(config, "data", NUMBERS)
    data = {
        "fingerprint": "data",
        "source": "digits",
        "n": 2,
        "groups": ["a", "b"],
        "shares": [0.5, 0.5],
        "classes": [],
    }
    fields = {
        "format": FORMAT,
        "id": name,
        "numbers": NUMBERS,
        "version": "0",
        "commit": None,
        "seconds": 1.0,
    }
    fields |= {
        "config": record_values(config),
        "data": data,
        "report": {"groups": ["a", "b"]},
        "log": [{"step": 1.0}],
    }
    (folder / f"{name}.json").write_text(json.dumps(fields))


def read_record(path):
    from repfair_keras.sweeps.records import load_records

    load_records(path.parent)


def checkpoint_files(folder):
    arrays = {f"model/{i}": np.random.default_rng(i).random((3, 4)).astype(np.float32) for i in range(3)}
    origin = np.array(json.dumps({"numbers": 2, "data": "x"}))
    np.savez(folder / "gan.npz", step=5, epoch=1, seconds=2.5, origin=origin, **arrays)


def read_checkpoint(path):
    from repfair_keras.training.checkpoint import check_position, read_whole

    saved = read_whole(path)
    check_position({name: saved[name] for name in ("step", "epoch", "seconds")}, 100)


def instrument_files(folder):
    fields = {
        "names": ["f", "m"], "candidate": "small", "tried": {"small": 0.9}, "n_train": 100, "data": "x",
        "calibration": {"temperature": 1.2, "bias": [0.0, 0.1]},
    }  # fmt: skip
    (folder / "classifier.json").write_text(json.dumps(fields))


def read_instruments(path):
    from repfair_keras.evaluation.images.instrument_files import read_fields

    read_fields(path.parent, "classifier")


def loader(module):
    def load(path):
        import importlib

        from repfair_keras.data.images.checks import check_images
        from repfair_keras.data.images.grouping import group

        images = importlib.import_module(f"repfair_keras.data.images.loaders.{module}").load(path)
        check_images(images)
        if images.default_grouping is not None:
            group(images)

    return load


def read_options(path):
    from repfair_keras.runs.config import configure
    from repfair_keras.runs.options_file import read_options_file

    configure(read_options_file(path))


def read_sweep(path):
    from repfair_keras.sweeps.grid import read_sweep as read

    read(path)


READERS = {
    "options": Reader(options_files, read_options),
    "sweep": Reader(sweep_files, read_sweep),
    "npz": Reader(array_files, loader("npz")),
    "folder": Reader(image_files, loader("folder"), image_folder),
    "table": Reader(table_files, read_table),
    "predictions": Reader(prediction_files, read_predictions),
    "confusion": Reader(confusion_files, read_confusion),
    "report": Reader(report_files, read_report),
    "record": Reader(record_files, read_record),
    "checkpoint": Reader(checkpoint_files, read_checkpoint),
    "instruments": Reader(instrument_files, read_instruments),
}

if __name__ == "__main__":
    main()
