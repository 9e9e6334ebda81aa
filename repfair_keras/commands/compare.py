"""`python -m repfair_keras.compare RUN RUN ...`: methods side by side over seeds."""

from repfair_keras.commands.command_line import call, options_of, parse


def make_parser():
    """Returns the parser."""
    parser = options_of("compare", __doc__)
    parser.add_argument("runs", type=str, nargs="+", help="folders of runs, or of evaluations")
    parser.add_argument("--baseline", type=str | None, help="method to compare with; null: the first run's")
    parser.add_argument("--x", type=str | None, help="column of the figure of images; null: gap")
    parser.add_argument("--y", type=str | None, help="column of the figure of images; null: kid_worst")
    parser.add_argument("--out", type=str, default="comparison", help="new folder for table and figure")
    return parser


def main(argv):
    """Parses and calls `comparison.compare_runs`."""
    options = parse(make_parser(), argv)
    from repfair_keras.comparison.compare_runs import compare

    compared = compare(options.runs, options.out, options.baseline, options.x, options.y)
    print(f"{compared.to_markdown()}\n\nwritten to {options.out}")


if __name__ == "__main__":
    call(main)
