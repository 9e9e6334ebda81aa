"""Kills a real process at every file operation of a command, gives the command again, and compares what is there.

`train` is killed and resumed, or given again where it had not begun; its log, checkpoint, report and generator must be
those of a run that nobody killed. `evaluate` in a run's folder and `sample` are given again; after each kill the files
of one evaluation, or of one sample, must lie there, never of two. Operations are what Python's audit hooks tell of:
opening, making, renaming and removing below the folder that is written to. Needs `os.fork`.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

OPERATIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link"}
SHORT = (
    "--dataset npz --grouping background --method repfair --network dcgan --filters 2 --latent_size 6 --batch_size 8 "
    "--steps 24 --n 60 --probe 0 --instrument_steps 20 --figures false"
)
COMMANDS = ("train", "evaluate", "sample")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=COMMANDS)
    parser.add_argument("--every", type=int, default=1, help="kill at every operation, 10: at every tenth")
    parser.add_argument("--workers", type=int, default=2, help="processes at once")
    options = parser.parse_args()
    warm_up()
    with tempfile.TemporaryDirectory() as root:
        trials = Trials(Path(root).resolve())
        failures = [text for command in options.commands for text in trials.all_of(command, options)]
    print(*failures, sep="\n")
    sys.exit(bool(failures))


def warm_up():
    """Imports what the commands use, so that a process that is forked has it; TensorFlow itself is not started."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import repfair_keras.core.quiet_tensorflow
    import repfair_keras.evaluation.images.instruments
    import repfair_keras.export.image_run
    import repfair_keras.methods.repfair
    import repfair_keras.modalities.image_evaluation
    import repfair_keras.sampling.write_samples
    import repfair_keras.training.evaluate_again
    import repfair_keras.training.loop  # noqa: F401


class Trials:
    """A short run that nobody killed, and what others are compared with.

    Args:
        root: folder for all of it.
    """

    def __init__(self, root):
        self.root, self.data, self.whole = root, root / "digits.npz", root / "whole"
        write_digits(self.data)
        self.train = ["train", *SHORT.split(), "--data_dir", str(self.data), "--out"]
        self.check(run([*self.train, str(self.whole)], root / "whole.txt"), "an undisturbed run")
        self.expected = of_run(self.whole)

    def check(self, code, what):
        if code:
            raise SystemExit(f"{what} failed: {(self.root / 'whole.txt').read_text()}")

    def all_of(self, command, options):
        """Kills a command at all its operations; returns a line for each time that something was wrong."""
        trial, started = getattr(self, f"{command}_killed"), time.monotonic()
        n = trial(None)
        numbers = range(1, n + 1, options.every)
        with ThreadPoolExecutor(options.workers) as pool:
            problems = list(pool.map(lambda number: attempt(trial, number), numbers))
        found = [f"{command}, operation {k}: {p}" for k, p in zip(numbers, problems, strict=True) if p]
        minutes = (time.monotonic() - started) / 60
        print(
            f"{command}: {n} file operations, {len(numbers)} kills, {len(found)} failures, {minutes:.0f} min",
            flush=True,
        )
        return found

    def started(self, words, folder, number):
        """Runs a command until its `number`-th operation below a folder; `None`: returns how many there are."""
        output = folder.with_suffix(".txt")
        if number is not None:
            code = run(words, output, folder, number)
            assert code == -signal.SIGKILL, (
                f"ended with {code} before it was killed: {output.read_text()[-300:]}"
            )
            return None
        self.check(run(words, output, folder), " ".join(words))
        return int(output.with_suffix(".count").read_text())

    def again(self, words, folder):
        output = folder.with_suffix(".txt")
        code = run(words, output)
        assert code == 0, f"given again: exit code {code}: {output.read_text()[-600:]}"

    def train_killed(self, number):
        folder = self.root / f"train{number}"
        count = self.started([*self.train, str(folder)], folder, number)
        if number is not None:
            begun = (folder / "config.yaml").is_file()
            self.again(["train", "--resume", str(folder)] if begun else [*self.train, str(folder)], folder)
            kept = folder / "evaluation.1"  # of one that was killed when all was written
            assert not kept.exists() or of_evaluation(kept) == self.expected["evaluation"], "another was kept"
            shutil.rmtree(kept, ignore_errors=True)
            same(of_run(folder), self.expected)
        shutil.rmtree(folder)
        return count

    def evaluate_killed(self, number):
        folder = self.root / f"evaluate{number}"
        shutil.copytree(self.whole, folder)
        words = ["evaluate", str(folder), "--seed", "5"]
        count = self.started(words, folder, number)
        if number is None:
            self.evaluated = of_run(folder)
        else:
            found = of_evaluation(folder) if (folder / "report.json").is_file() else None
            new = self.evaluated["evaluation"]
            assert found in (None, of_evaluation(self.whole), new), "the files are of two evaluations"
            if found != new:
                self.again(words, folder)
                assert not list(folder.glob(".*")), "something half-written is left"
            same(
                of_run(folder), self.evaluated, but=("files",)
            )  # one killed at its end was whole, and is kept
            same(of_evaluation(folder / "evaluation.1"), of_evaluation(self.whole))
        shutil.rmtree(folder)
        return count

    def sample_killed(self, number):
        folder = self.root / f"sample{number}" / "drawn"
        folder.parent.mkdir()
        words = ["sample", str(self.whole), "--n", "5", "--out", str(folder)]
        count = self.started(words, folder.parent, number)
        if number is None:
            self.sampled = of_files(folder)
        else:
            if not folder.exists():
                self.again(words, folder.parent)
            same(of_files(folder), self.sampled)
        shutil.rmtree(folder.parent)
        return count


def attempt(trial, number):
    """Returns what was wrong, `None` if nothing."""
    try:
        trial(number)
    except AssertionError as error:
        return str(error)
    except Exception:
        return traceback.format_exc()


def run(words, output, watched=None, number=None):
    """Runs a command of the package in a process of its own; returns its exit code, negative for a signal.

    Args:
        words: the command.
        output: file for what it prints.
        watched: folder below which operations are counted; their number is written beside `output`.
        number: operation before which it is killed; `None`: it is not.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with output.open("w") as file:
                for stream in (1, 2):
                    os.dup2(file.fileno(), stream)
            counted = count_operations(watched, number) if watched else None
            code = call(words)
            if watched:
                done = counted[0]
                output.with_suffix(".count").write_text(str(done))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def call(words):
    """Calls a command's `main`; returns its exit code."""
    import importlib

    from repfair_keras.commands.command_line import call

    try:
        sys.argv = [f"repfair_keras.{words[0]}", *words[1:]]
        call(importlib.import_module(f"repfair_keras.commands.{words[0]}").main)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def count_operations(folder, number):
    """Counts operations below a folder from here on; kills this process before the `number`-th."""
    counted, below = [0], os.fspath(folder)

    def hook(event, arguments):
        if event in OPERATIONS and str(arguments[0]).startswith(below) and ".txt" not in str(arguments[0]):
            counted[0] += 1
            if counted[0] == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return counted


def write_digits(path):
    """Writes 125 digits of `mnist_5k`, half of them inverted, as an `.npz`."""
    from repfair_keras.data.images.loaders import mnist_5k

    raw = mnist_5k.load()
    pixels, labels = raw.pixels[::40], raw.labels[::40]
    inverted = np.arange(len(pixels)) % 2 == 1
    pixels = np.where(inverted[:, None, None, None], 255 - pixels, pixels)
    np.savez(path, images=pixels, label=labels, background=np.where(inverted, "white", "black"))


def of_run(folder):
    """What two runs that are the same have the same: files, log, checkpoint, weights and evaluation."""
    with np.load(folder / "checkpoints" / "gan.npz") as file:
        checkpoint = {name: file[name].tobytes() for name in file.files if name != "seconds"}
    return {
        "files": sorted(
            str(path.relative_to(folder)) for path in folder.rglob("*") if "tensorboard" not in str(path)
        ),
        "log": (folder / "log.csv").read_text(),
        "checkpoint": checkpoint,
        "weights": weights(folder / "generator.keras"),
        "evaluation": of_evaluation(folder),
    }


def weights(path):
    """The arrays of a `.keras` file."""
    import zipfile

    with zipfile.ZipFile(path) as file:
        return file.read("model.weights.h5")


def of_evaluation(folder):
    """The report without its times, and the picture of the samples, which are of one evaluation or of two."""
    report = json.loads((folder / "report.json").read_text())
    for name in ("timings", "wall_seconds"):
        report.pop(name)
    return {"report": report, "samples": (folder / "figures" / "samples.png").read_bytes()}


def of_files(folder):
    """Name to contents of all files below a folder; of a manifest, without its time."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def same(found, expected, but=()):
    """Raises `AssertionError` that names the first part that differs."""
    for name in expected.keys() - set(but):
        assert found.get(name) == expected[name], (
            f"{name} differs: {str(found.get(name))[:700]}, expected {str(expected[name])[:700]}"
        )
    assert found.keys() == expected.keys(), f"{sorted(found)}, expected {sorted(expected)}"


if __name__ == "__main__":
    main()
