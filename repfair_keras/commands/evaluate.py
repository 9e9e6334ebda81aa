"""`python -m repfair_keras.evaluate MODEL`: reports on a run, an exported generator, or generated images."""

from repfair_keras.commands.command_line import call, options_of, parse
from repfair_keras.runs.evaluation_settings import Settings


def make_parser():
    """Returns the parser; every field of `Settings` is an option."""
    parser = options_of("evaluate", __doc__)
    parser.add_argument(
        "model", type=str, help="folder of a run, or of an exported generator; or an .npz or folder of images"
    )
    parser.add_class_arguments(Settings)
    parser.add_argument("--out", type=str | None, help="new folder; null: the run's own, or beside the model")
    parser.add_argument("--verbose", type=int, default=1, help="0 silent, 1 progress bars, 2 a line each")
    return parser


def main(argv):
    """Parses and calls `evaluation.evaluate`."""
    options = parse(make_parser(), argv).as_dict()
    model, out, verbose = (options.pop(name) for name in ("model", "out", "verbose"))
    from repfair_keras.evaluation.evaluate import evaluate_again
    from repfair_keras.reporting.console import is_of_table, to_text

    found, report = evaluate_again(model, Settings(**options), out, verbose)
    print(to_text(report))
    print(f"report   {found.report}\nmarkdown {found.report_md}")
    print(f"CSV row  {found.report_csv}")
    if is_of_table(report):
        print(f"rows     {found.synthetic}")
    print(f"figures  {found.figures}")


if __name__ == "__main__":
    call(main)
