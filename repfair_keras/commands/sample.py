"""`python -m repfair_keras.sample MODEL`: samples images, or rows, from an exported generator."""

from typing import Literal

from repfair_keras.commands.command_line import TRUST, Options, asked_for_help, option
from repfair_keras.core.saved_graphs import trusted
from repfair_keras.core.settings import Samples, Seed

OPTIONS = Options(
    "sample",
    __doc__.split(": ", 1)[1],
    {
        "options": {
            "n": option("n", Samples | None, None, "number of images, or rows; null: 64 images, 1,000 rows"),
            "seed": option("seed", Seed, 0, "seed of the noise"),
            "labels": option("labels", list[int] | None, None, "class of each image, or classes to repeat"),
            "counts": option(
                "counts", str | None, None, "how many of each group: white=500,black=500, white/3=9"
            ),
            "shares": option(
                "shares", str | None, None, "of n: white=0.7,black=0.3; of tables uniform or marginal too"
            ),
            "target_shares": option(
                "target_shares",
                str | None,
                None,
                "of a table's target: yes=0.5,no=0.5, or uniform; null: as in the data",
            ),
            "independent": option(
                "independent",
                str | None,
                None,
                "columns of groups that shall tell nothing of the target: sex,race",
            ),
            "where": option("where", str | None, None, "conditions on rows: age > 60 and sex == Female"),
            "format": option(
                "format", Literal["png", "npz"] | None, None, "of images: png, with a metadata.csv, or npz"
            ),
            "instruments": option(
                "instruments", str | None, None, "run whose classifier sees the groups asked for"
            ),
            "out": option("out", str, "samples", "new folder for the samples"),
            "trust": TRUST,
        }
    },
    ("model",),
    example="python -m repfair_keras.sample pretrained:repfair_mnist --n 64 --seed 0 --out digits",
)


def main(argv):
    """Parses, samples, and prints what was written."""
    if (everything := asked_for_help(argv)) is not None:
        print(OPTIONS.help(everything))
        return
    given = OPTIONS.read(argv)
    model, out, trust = (given.pop(name) for name in ("model", "out", "trust"))
    from repfair_keras.sampling.write_samples import write_samples

    with trusted(trust):
        for path in write_samples(model, out, **given, verbose=1):
            print(path)
