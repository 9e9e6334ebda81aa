"""`python -m repfair_keras.sample MODEL`: samples images, or rows, from an exported generator."""

from repfair_keras.commands.command_line import call, options_of, parse


def make_parser():
    """Returns the parser."""
    parser = options_of("sample", __doc__)
    parser.add_argument("model", type=str, help="folder of a SavedModel, or of a run")
    parser.add_argument("--n", type=int | None, help="number of images, or rows; null: 64, 1,000 rows")
    parser.add_argument("--seed", type=int, default=0, help="seed of the noise")
    parser.add_argument("--labels", type=list[int] | None, help="class of each image, or classes to repeat")
    parser.add_argument(
        "--counts", type=str | None, help="how many of each group: white=500,black=500, white/3=9"
    )
    parser.add_argument(
        "--shares", type=str | None, help="of n: white=0.7,black=0.3; uniform or marginal for a table"
    )
    parser.add_argument(
        "--format", type=str | None, help="of images: png, with a metadata.csv, or npz; null: png"
    )
    parser.add_argument(
        "--instruments", type=str | None, help="run whose classifier sees the groups of --counts and --shares"
    )
    parser.add_argument("--out", type=str, default="samples", help="new folder for the samples")
    return parser


def main(argv):
    """Parses and calls `sampling.write_samples`."""
    options = parse(make_parser(), argv).as_dict()
    model, out = options.pop("model"), options.pop("out")
    from repfair_keras.sampling.write_samples import write_samples

    for path in write_samples(model, out, **options, verbose=1):
        print(path)


if __name__ == "__main__":
    call(main)
