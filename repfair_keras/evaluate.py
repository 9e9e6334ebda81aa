"""`python -m repfair_keras.evaluate RUN`: reports on a run or an exported generator."""

from repfair_keras.cli import call, parse


def make_parser():
    """Returns the parser."""
    from jsonargparse import ArgumentParser

    parser = ArgumentParser(prog="python -m repfair_keras.evaluate", description=__doc__, exit_on_error=False)
    parser.add_argument("model", type=str, help="folder of a run, or of an exported generator")
    parser.add_argument("--n", type=int | None, help="number of samples; null: as when it was trained")
    parser.add_argument("--seed", type=int | None, help="seed of the samples; null: as when it was trained")
    parser.add_argument("--data_dir", type=str | None, help="where the data is now, if it has moved")
    parser.add_argument(
        "--out", type=str | None, help="new folder; null: the run's own, or beside the export"
    )
    return parser


def main(argv):
    """Parses and calls `experiments.evaluating`."""
    options = parse(make_parser(), argv)
    from repfair_keras.evaluation.report import format_table
    from repfair_keras.experiments.evaluating import evaluate_again

    out, report = evaluate_again(options.model, options.n, options.seed, options.data_dir, options.out)
    print(format_table(report))
    print(f"report  {out.report}\nfigures {out.figures}")


if __name__ == "__main__":
    call(main)
