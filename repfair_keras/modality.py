"""What images and tables have in common: all that a run needs of its kind of data.

A third kind of data is one folder with its data, evaluation and export, one class like these in `modalities/`, and
one line in the registry.
"""

from typing import Any, Protocol


class Modality(Protocol):
    """What a run does differently on its kind of data.

    Naming one, and reading its settings, does not import TensorFlow; nor does loading data.

    Args:
        name: name in the registry.
        data_settings: dataclass of the settings that say which data, and how it is grouped.
        evaluation_settings: dataclass of the settings that say how samples are measured.
        rows, kind: what the data are called, for messages: "images", "holds images".
        in_memory: name of the data set of what lies in memory.
        of_samples: settings of the data where samples of another program are measured.
        example: options that name real data, for messages.
    """

    name: str
    data_settings: type
    evaluation_settings: type
    rows: str
    kind: str
    in_memory: str
    of_samples: dict
    example: str

    def load(self, config, raw=None) -> Any:
        """Returns the data set that a configuration names, with groups; `raw`: what is in memory in its place."""

    def reference(self, config, raw=None) -> Any:
        """Returns what samples are compared with; it has `dataset`, and depends on no seed and share of a run."""

    def describe(self, dataset) -> list[str]:
        """Returns lines that say what the data hold, for the console."""

    def instruments(self, reference, folder, evaluation, verbose=0) -> Any:
        """Makes or loads the classifiers that samples are measured with, in a folder; `None` if there are none."""

    def instrument_stages(self, reference, evaluation, folder) -> dict:
        """Returns what has to be trained before samples can be measured: stages as `core.progress` takes them."""

    def callbacks(self, phase, config, place, dataset, instruments, stop_at, log_rows) -> tuple:
        """Returns three lists of callbacks: what is logged whatever happens, what looks at images, what draws them."""

    def export(self, generator, config, run, dataset, steps, raw=None):
        """Writes a generator to a run's folder, as SavedModel and as `.keras`; `raw`: see `methods.phase.Phase`."""

    def draw(self, folder, config, dataset, n=None, seed=None, name=None) -> Any:
        """Returns samples of an exported generator, with where they come from."""

    def are_samples(self, path) -> bool:
        """Whether a path holds samples of this kind that any program may have made."""

    def read_samples(self, path, reference, n=None, seed=0, name=None, elsewhere=None) -> Any:
        """Returns such samples, as `draw` does; `elsewhere`: what was found out about them elsewhere, if images."""

    def take_samples(self, samples, labels, reference, n=None, seed=0, name="samples", elsewhere=None) -> Any:
        """Returns samples that lie in memory, as `draw` does; `labels`: the class of each, or `None`."""

    def evaluate(self, out, samples, plan, seconds=0.0, verbose=0, run=None):
        """Measures samples, and writes report and figures to a folder; returns the report."""

    def measure(self, run, config, reference, dataset, seconds, sample=None, verbose=0, instruments=None):
        """Samples a run's exported generator, measures it, and writes report, figures and card; returns the report.

        `instruments`: those of the run, where they are loaded already.
        """

    def picture(self, run, config, dataset):
        """Returns the path of the one picture that stands for a run; `None` if there is none."""
