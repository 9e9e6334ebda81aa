"""Images: how a run loads, watches, exports and measures them."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.core.settings import BelowOne, Samples, Shares, UnitInterval, up_to
from repfair_keras.data.in_memory import ARRAYS
from repfair_keras.registry import IMAGES


@dataclass(frozen=True)
class ImageData:
    """Which images, and how they are grouped.

    Args:
        dataset: name of the data set: mnist_5k, mnist, fashion_mnist, colour_mnist, biased_colour_mnist, svhn, cifar10,
            celeb_a, folder, npz; of tables: diabetes, adult and others.
        data_dir: folder of tensorflow-datasets; for `folder`, the images; for `npz` and `csv`, the file.
        grouping: how groups are made: invert, shade, colour, biased_colour, a column of the data, or several: sex,age.
        strength: of grouping biased_colour: how strongly the class decides the colour, in [0, 1]; null: 0.9.
        share: share of the second group in (0, 1), or one share per group; null: equal, or as in the data.
        use_labels: whether the networks see class labels; null: where there are any, not for svhn, cifar10.
    """

    dataset: str = "mnist_5k"
    data_dir: str | None = None
    grouping: str | None = None
    strength: UnitInterval | None = None
    share: Shares | None = None
    use_labels: bool | None = None


@dataclass(frozen=True)
class ImageEvaluation:
    """How generated images are measured.

    Args:
        n: generated images that the report counts.
        probe: generated images measured every few epochs, for the log; 0: none.
        confidence: below this confidence of the classifier an image's group is undecided, in [0, 1).
        max_undecided: share of each group's real images that may be undecided, else the confidence is lowered.
        target: shares that the report compares with, given as `share` is; null: equal shares.
        cross: a second attribute, a column of your own data, for intersectional tables.
        instruments: folder of an evaluated run on the same data whose classifier and extractor to use.
        instrument_steps: batches that classifier and extractor are trained on at most; null: enough for any data.
        judges: classifiers of the groups, of other networks and seeds, that the report compares.
        classifier: Keras model or SavedModel that tells the groups, in the place of one that is trained here.
        classifier_groups: names of the groups in the order of its outputs; null: their order in the data.
        extractor: where quality is measured: trained (here), inception, convnext, or the path of a Keras model.
        extractor_layer: name of its layer that holds the features; null: its output.
        figures: whether figures are drawn.
    """

    n: Samples = 10_000
    probe: up_to(1_000_000, 0) = 1000
    confidence: BelowOne = 0.9
    max_undecided: UnitInterval = 0.05
    target: Shares | None = None
    cross: str | None = None
    instruments: str | None = None
    instrument_steps: up_to(10_000_000) | None = None
    judges: up_to(100) = 1
    classifier: str | None = None
    classifier_groups: list[str] | None = None
    extractor: str = "trained"
    extractor_layer: str | None = None
    figures: bool = True

    @property
    def decision(self):
        """`Decision`: which images are clear enough to be counted."""
        from repfair_keras.evaluation.images.group_assignment import Decision

        return Decision(self.confidence, self.max_undecided)


class ImageReference(NamedTuple):
    """The real images that generated ones are compared with.

    Args:
        dataset: `ImageDataset`, groups as equal as they come.
        cross: `ImageDataset`, the same images by a second attribute; `None` without.
        target: shares asked for, shape `(k,)`; `None`: uniform.
    """

    dataset: Any
    cross: Any
    target: Any


class ImageModality:
    """The `Modality` of images."""

    name = IMAGES
    rows = "images"
    kind = "holds images"
    in_memory = ARRAYS
    of_samples: ClassVar = {}
    example = "--dataset mnist, or --dataset folder --data_dir my_images --grouping background"
    data_settings = ImageData
    evaluation_settings = ImageEvaluation

    def load(self, config, raw=None):
        from repfair_keras.data.images.load import load

        data = config.data
        seed = config.training.seed
        grouping = data.grouping, data.share, seed, data.use_labels, data.strength
        return load(data.dataset, data.data_dir, *grouping, raw=raw)

    def reference(self, config, raw=None):
        from repfair_keras.data.images.reference import load_reference
        from repfair_keras.data.shares import parse_shares

        data, evaluation = config.data, config.evaluation
        where = data.dataset, data.data_dir, data.grouping, data.use_labels
        dataset, cross = load_reference(*where, cross=evaluation.cross, raw=raw)
        try:
            target = parse_shares(evaluation.target, dataset.group_names)
        except InputError as error:
            raise InputError(f"target: {error}") from error
        if evaluation.instruments is not None:
            from repfair_keras.evaluation.images.instrument_files import check_source

            check_source(evaluation.instruments, dataset)
        if evaluation.classifier is not None or evaluation.extractor != ImageEvaluation.extractor:
            from repfair_keras.modalities.image_instruments import check_made_elsewhere

            check_made_elsewhere(evaluation, dataset)
        return ImageReference(dataset, cross, target)

    def describe(self, dataset):
        return [dataset.summary()]

    def instruments(self, reference, folder, evaluation, verbose=0):
        from repfair_keras.modalities.image_instruments import instruments_of

        return instruments_of(folder, reference, evaluation, verbose)

    def instrument_stages(self, reference, evaluation, folder):
        from repfair_keras.evaluation.images.instrument_files import missing_instruments

        return missing_instruments(reference, evaluation, folder)

    def callbacks(self, phase, config, place, dataset, instruments, stop_at, log_rows):
        from repfair_keras.runs.schedule import steps_per_epoch
        from repfair_keras.training.callbacks import GroupProbe, SampleGrid
        from repfair_keras.training.probes import SampleProbe, looked_at

        training = config.training
        first, looks, last = [], [], []
        if hasattr(phase.model, "probe"):
            of_data = dataset, training.batch_size, training.seed
            first.append(GroupProbe(*of_data, place.early_norms, stop_at))
        if phase.generator is not None:
            last.append(SampleGrid(phase.generator, place.samples, dataset, training.seed))
        if phase.generator is not None and instruments is not None:
            per_epoch = steps_per_epoch(training, len(dataset), stop_at.total)
            probe = SampleProbe(looked_at(phase), instruments, config, dataset, per_epoch, stop_at)
            probe.forget_old_end(log_rows)
            looks.append(probe)
        return first, looks, last

    def export(self, generator, config, run, dataset, steps, raw=None):
        from repfair_keras.export.image_run import export_run

        export_run(generator, config, run, dataset, steps, raw)

    def draw(self, folder, config, dataset, n=None, seed=None, name=None):
        from repfair_keras.modalities.image_evaluation import draw_sample

        return draw_sample(folder, config, dataset, n, seed, name)

    def are_samples(self, path):
        from repfair_keras.data.images.generated import is_generated

        return is_generated(path)

    def read_samples(self, path, reference, n=None, seed=0, name=None, elsewhere=None):
        from repfair_keras.modalities.image_evaluation import read_sample

        return read_sample(path, reference, n, seed, name, elsewhere)

    def take_samples(self, samples, labels, reference, n=None, seed=0, name="samples", elsewhere=None):
        from repfair_keras.modalities.image_evaluation import take_sample

        return take_sample(samples, labels, reference, n, seed, name, elsewhere)

    def evaluate(self, out, samples, plan, seconds=0.0, verbose=0, run=None):
        from repfair_keras.modalities.image_evaluation import evaluate

        return evaluate(out, samples, plan.config, plan.reference, plan.dataset, seconds, verbose, run)

    def measure(self, run, config, reference, dataset, seconds, sample=None, verbose=0, instruments=None):
        from repfair_keras.modalities.image_evaluation import evaluate_run

        options = {"verbose": verbose, "instruments": instruments}
        return evaluate_run(run, config, reference, dataset, seconds, *(sample or ()), **options)

    def picture(self, run, config, dataset):
        from repfair_keras.modalities.image_evaluation import sample_grid

        path = run.figures / "record.png"
        sample_grid(path, run.generator, config, dataset, n=40)
        return path
