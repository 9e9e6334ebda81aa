"""`python -m repfair_keras.evaluate MODEL`: measures a run, an exported generator, or samples of any program."""

from repfair_keras.commands.command_line import TRUST, Options, option
from repfair_keras.core.saved_graphs import trusted
from repfair_keras.core.settings import CountFrom0, settings_in
from repfair_keras.registry import IMAGES, TABLES, lookup, names

OF_COMMAND = {
    "out": option("out", str | None, None, "new folder; null: the run's own, or beside the model"),
    "verbose": option("verbose", CountFrom0, 1, "0 silent, 1 progress, 2 a line each"),
    "trust": TRUST,
}
EXAMPLE = "python -m repfair_keras.evaluate my_images --dataset mnist --grouping invert --instruments runs/a"
NOT_HERE = ("probe", "n", "share", "strength")


def make_options():
    """Returns the `Options` of the command."""
    from repfair_keras.training.evaluate_again import SampleSettings

    groups, shown = {"samples": settings_in(SampleSettings)}, set(NOT_HERE)
    for name in (IMAGES, TABLES):
        modality = lookup("modality", name)
        own = {**settings_in(modality.data_settings), **settings_in(modality.evaluation_settings)}
        own = {key: _unset(setting) for key, setting in own.items() if key not in shown}
        groups["real data and measurement" if name == IMAGES else "of tables alone"] = own
        shown |= set(own)
    assert set(names("modality")) == {IMAGES, TABLES}
    return Options(
        "evaluate", __doc__.split(": ", 1)[1], {**groups, "command": OF_COMMAND}, ("model",), example=EXAMPLE
    )


def _unset(setting):
    """The setting as an option that is as in the run, or as in training, unless it is given."""
    return option(setting.name, setting.annotation | None, None, setting.help)


def main(argv):
    """Parses, measures and prints."""
    options = make_options()
    given = options.read_or_help(argv)
    if given is None:
        return
    model, out, verbose, trust = (given.pop(name) for name in ("model", "out", "verbose", "trust"))
    from repfair_keras.reporting.console import to_text
    from repfair_keras.training.evaluate_again import evaluate_again

    with trusted(trust):
        folder, report = evaluate_again(model, given, out, verbose)
    print(to_text(report))
    places = {
        "report": folder.report,
        "page": folder.report_html,
        "markdown": folder.report_md,
        "CSV row": folder.report_csv,
    }
    for title, path in {**places, "rows": folder.synthetic, "figures": folder.figures}.items():
        if path.exists():
            print(f"{title:8} {path}")
