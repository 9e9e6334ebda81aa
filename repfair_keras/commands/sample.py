"""`python -m repfair_keras.sample MODEL`: draws images from an exported generator."""

from typing import Literal

from repfair_keras.commands.command_line import call, options_of, parse


def make_parser():
    """Returns the parser."""
    parser = options_of("sample", __doc__)
    parser.add_argument("model", type=str, help="folder of a SavedModel, or of a run")
    parser.add_argument("--n", type=int | None, help="number of images, or rows; null: 64, 1,000 rows")
    parser.add_argument("--seed", type=int, default=0, help="seed of the noise")
    parser.add_argument("--labels", type=list[int] | None, help="class of each image, or classes to repeat")
    parser.add_argument(
        "--counts", type=str | None, help="images of each group: white=500,black=500, white/3=9"
    )
    parser.add_argument(
        "--instruments", type=str | None, help="run whose classifier sees the groups of --counts"
    )
    parser.add_argument(
        "--shares", type=Literal["uniform", "marginal"], default="uniform", help="of a table's groups"
    )
    parser.add_argument("--out", type=str, default="samples", help="new folder for the images")
    return parser


def main(argv):
    """Parses and calls `sampling.write_samples`."""
    options = parse(make_parser(), argv)
    from repfair_keras.sampling.write_samples import write_samples

    drawn = options.n, options.seed, options.labels, options.out, options.counts, options.instruments
    for path in write_samples(options.model, *drawn, options.shares):
        print(path)


if __name__ == "__main__":
    call(main)
