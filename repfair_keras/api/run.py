"""A run as an object: its report, its log, its samples."""

from functools import cached_property
from pathlib import Path
from typing import Any

from repfair_keras.core.errors import InputError
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.runs.stored import stored_run


class Run:
    """A trained generator with its report, in a folder.

    Args:
        path: folder of the run, or of an evaluation.
        raw: `RawImages` or `RawTable` that it was trained on, where that lay in memory alone; `None`: it did not.

    Examples:
        >>> import repfair_keras as rf
        >>> rf.Run("runs/a").path.name
        'a'
    """

    def __init__(self, path: str | Path, raw: Any = None):
        self.path = Path(path)
        self.folder = RunDir(self.path)
        self._raw = raw

    @cached_property
    def config(self):
        """The `Config` of the run."""
        return stored_run(self.path)[1]

    @property
    def report(self):
        """The last report: `ImageReport` or `TableReport`.

        Raises:
            InputError: if there is none yet.
        """
        from repfair_keras.evaluation.report import read_report_file

        if not self.folder.report.is_file():
            raise InputError(
                f"{self.path} has no report: finish the run with rf.train(resume={str(self.path)!r})."
            )
        return read_report_file(self.folder.report)

    @property
    def log(self):
        """What was logged per epoch: a `pandas.DataFrame`."""
        import pandas as pd

        if not self.folder.log.is_file():
            raise InputError(f"{self.path} has no log.csv: no epoch has been trained there.")
        return pd.read_csv(self.folder.log)

    @property
    def figures(self) -> dict[str, Path]:
        """Figures by name: paths of PNG files."""
        return {path.stem: path for path in sorted(self.folder.figures.glob("[!.]*.png"))}

    @property
    def export(self) -> Path:
        """Folder of the SavedModel, which samples without this package."""
        self.folder.check_finished()
        return self.folder.generator

    def export_as(self, path: str | Path) -> float:
        """Writes the generator of images as LiteRT or ONNX, and checks it there against Keras.

        Args:
            path: file to write, which ends in `.tflite` or `.onnx`.

        Returns:
            The largest difference of a pixel from Keras's.

        Raises:
            InputError: as `export.portable.export_portable`.
        """
        from repfair_keras.export.portable import export_portable

        return export_portable(self.generator, path)

    @cached_property
    def generator(self):
        """The generator as a `keras.Model`."""
        import keras

        self.folder.check_finished()
        return keras.models.load_model(self.folder.generator_keras)

    def sample(self, n: int | None = None, seed: int = 0, **options: Any):
        """Draws samples of the exported generator.

        Args:
            n: number of images or rows; `None`: 64 images, 1,000 rows, or as many as `counts` says.
            seed: seed of the noise.
            options: of images `labels`, `counts` (as `{"female": 50, "male": 50}`), `shares` and `instruments`; of
                tables `counts`, `shares` (also `"uniform"` and `"marginal"`), `target_shares`, `independent`, `where`.

        Returns:
            Of images `ImageSample`: `images` float32 in [-1, 1], `pixels` uint8, `labels`, `groups`, `manifest`. Of a
            table a `pandas.DataFrame` with the columns and dtypes of the original.

        Raises:
            InputError: if an option does not fit, or a group that is asked for practically never appears.
        """
        from repfair_keras.sampling.sample import sample_images, sample_rows

        if self.config.modality.name == "tables":
            return sample_rows(self.export, n, seed, **options).frame
        return sample_images(self.export, n, seed, **options)

    def evaluate(self, **settings: Any):
        """Measures the run once more, see `repfair_keras.evaluate`; returns the report."""
        from repfair_keras.training.evaluate_again import evaluate_again

        evaluate_again(self.path, settings, raw=self._raw)
        return self.report

    def resume(self, steps: int | None = None, epochs: int | None = None, **options: Any) -> "Run":
        """Goes on with the run, also to a larger length; returns it."""
        from repfair_keras.training.run import resume

        resume(self.path, steps, epochs, raw=self._raw, **options)
        return self

    def __repr__(self):
        if not self.folder.config.is_file():
            return f"Run({str(self.path)!r})"
        config = self.config
        state = "" if self.folder.report.is_file() else ", not finished"
        return f"Run({str(self.path)!r}: {config.method.name} on {config.data.dataset}{state})"

    def _repr_html_(self):
        from repfair_keras.core.html import heading, picture

        parts = [heading(repr(self))]
        if self.folder.report.is_file():
            parts.append(self.report._repr_html_())
        samples = self.folder.figures / "samples.png"
        if samples.is_file():
            parts.append(picture(samples.read_bytes(), "samples"))
        return "".join(parts)
