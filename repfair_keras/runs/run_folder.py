"""Every file name of a run, once."""

import contextlib
import json
import shutil
from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import clear_up, filling, make_folder, replacing
from repfair_keras.core.locks import NAME

EXPORT_METADATA = "repfair.json"  # beside a SavedModel: what it was trained on, and how


class RunDir:
    """The folder of one run.

    Args:
        path: the folder.
    """

    def __init__(self, path):
        self.path = Path(path)
        self.config = self.path / "config.yaml"
        self.versions = self.path / "versions.json"
        self.log = self.path / "log.csv"
        self.early_norms = self.path / "early_norms.csv"
        self.tensorboard = self.path / "tensorboard"
        self.checkpoints = self.path / "checkpoints"
        self.samples = self.path / "samples"
        self.instruments = self.path / "instruments"
        self.generator = self.path / "generator"
        self.generator_keras = self.path / "generator.keras"
        self.generator_raw = self.path / "generator_raw.keras"
        self.report = self.path / "report.json"
        self.report_md = self.path / "report.md"
        self.report_html = self.path / "report.html"
        self.report_csv = self.path / "report.csv"
        self.figures = self.path / "figures"
        self.codes = self.path / "codes.json"
        self.code_points = self.path / "codes.npz"
        self.synthetic = self.path / "synthetic.csv"

    def of_phase(self, folder):
        """Returns the `RunDir` that a phase of training writes its log and pictures to; `""`: this one."""
        return RunDir(self.path / folder) if folder else self

    def check_new(self, also=()):
        """Raises `InputError` if the folder holds anything but the paths in `also`."""
        try:
            clear_up(self.path)
            taken = self.path.exists() and (
                not self.path.is_dir() or set(self.path.iterdir()) - set(also) - self._unbegun()
            )
        except OSError as error:
            raise InputError(
                f"{self.path} cannot be read ({error.strerror}). Name a folder that you may write to."
            ) from error
        if taken:
            resume = f", or go on with the run in it: --resume {self.path}" if self.config.is_file() else ""
            raise InputError(
                f"{self.path} exists and is not empty; what is there is never overwritten. Name another "
                f"folder with --out{resume}."
            )

    def _unbegun(self):
        """What a run leaves that was killed before it had begun: all but the configuration, its last file."""
        if self.config.exists():
            return set()
        return {self.versions, self.path / NAME, *self.path.glob(".tmp.*")}

    def create(self):
        """Makes the folder.

        Raises:
            InputError: if it holds anything or cannot be written.
        """
        self.check_new()
        make_folder(self.path)

    def clear_up(self):
        """Sweeps away what processes that were killed have left half-written, in all of the run's folders."""
        for folder in {path.parent for path in self.path.rglob(".tmp.*")}:
            clear_up(folder)

    def seconds(self):
        """Seconds of training as the last report has them; 0 if there is none that can be read."""
        try:
            return float(json.loads(self.report.read_text("utf-8"))["timings"]["train"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0.0

    @contextlib.contextmanager
    def new_evaluation(self):
        """Yields a `RunDir` to write a report and its figures to; they take the place of those here as a whole.

        The report comes last, and the one before it goes first: where one is, all files are of the same evaluation.
        That one is kept, see `keep_evaluation`. If the block raises an error, nothing changes.
        """

        def begin():
            self.keep_evaluation()
            self.report.unlink(missing_ok=True)

        with filling(self.path, self.report.name, begin) as folder:
            yield RunDir(folder)

    def keep_evaluation(self):
        """Copies what an earlier evaluation has written to `evaluation.1/`, `evaluation.2/`: none is lost."""
        if not self.report.is_file():
            return
        number = 1
        while (kept := self.path / f"evaluation.{number}").exists():
            same = kept / self.report.name
            if same.is_file() and same.read_bytes() == self.report.read_bytes():
                return  # a process that was killed had kept it
            number += 1
        with replacing(kept) as temporary:
            temporary.mkdir()
            for path in (self.report, self.report_md, self.report_html, self.report_csv, self.synthetic):
                if path.is_file():
                    shutil.copy2(path, temporary)
            for path in (self.figures, self.instruments):
                if path.is_dir():
                    shutil.copytree(path, temporary / path.name)

    def check_finished(self):
        """Raises `InputError` unless the run has an exported generator."""
        if not self.generator.is_dir():
            raise InputError(
                f"the run in {self.path} is not finished. Finish it: "
                f"python -m repfair_keras.train --resume {self.path}"
            )

    def check_is_run(self):
        """Raises `InputError` unless the folder is that of a run."""
        if not self.config.is_file():
            raise InputError(
                f"{self.path} is not the folder of a run: there is no {self.config.name} in it. Name a "
                "folder that `python -m repfair_keras.train` has made."
            )
