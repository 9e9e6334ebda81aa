"""`python -m repfair_keras.convert RUN`: writes a run's generator of images for other runtimes, LiteRT and ONNX."""

from pathlib import Path
from typing import Literal

from repfair_keras.commands.command_line import Options, option
from repfair_keras.core.errors import InputError

OF_COMMAND = {
    "format": option(
        "format", list[Literal["tflite", "onnx"]], ["tflite"], "tflite (LiteRT), onnx, or both: tflite,onnx"
    ),
    "out": option("out", str | None, None, "folder for generator.tflite and generator.onnx; null: the run's"),
}
EXAMPLE = "python -m repfair_keras.convert runs/a --format tflite,onnx"


def make_options():
    """Returns the `Options` of the command."""
    return Options("convert", __doc__.split(": ", 1)[1], {"command": OF_COMMAND}, ("run",), example=EXAMPLE)


def main(argv):
    """Parses, exports, checks against Keras, and prints."""
    given = make_options().read_or_help(argv)
    if given is None:
        return
    if not given["format"]:
        raise InputError("format is empty: expected tflite, onnx or both.")
    run = Path(given["run"])
    folder = Path(given["out"]) if given["out"] else run if run.is_dir() else run.parent
    from repfair_keras.export.portable import check_installed, export_portable, load_generator

    check_installed(given["format"])
    generator = load_generator(run)
    for name in given["format"]:
        path = folder / f"generator.{name}"
        apart = export_portable(generator, path)
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB, at most {apart:.1g} from Keras in a pixel")
