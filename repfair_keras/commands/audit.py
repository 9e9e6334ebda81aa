"""`python -m repfair_keras.audit PREDICTIONS`: shares of groups from predictions of any classifier, without images."""

from repfair_keras.commands.command_line import Options, option
from repfair_keras.core.settings import BelowOne, CountFrom0, UnitInterval
from repfair_keras.sampling.group_requests import shares_by_name

GROUPS = {
    "classifier": {
        "validation": option(
            "validation", str | None, None, "CSV of its predictions on real images, with a column true"
        ),
        "confusion": option(
            "confusion", str | None, None, "CSV of its confusion counts: a row per true group"
        ),
        "groups": option("groups", str | None, None, "names between commas; null: those that occur"),
        "confidence": option(
            "confidence", BelowOne, 0.9, "probability below which a group is not clear, at most"
        ),
        "max_undecided": option(
            "max_undecided", UnitInterval, 0.05, "share of real images that may be undecided"
        ),
    },
    "command": {
        "target": option("target", str | None, None, "shares asked for, as female=0.5,male=0.5; null: equal"),
        "name": option("name", str | None, None, "name in tables; null: that of the file"),
        "out": option("out", str | None, None, "new folder for report.json, .md and .csv; null: print alone"),
        "seed": option("seed", CountFrom0, 0, "seed of what is simulated"),
    },
}
EXAMPLE = "python -m repfair_keras.audit generated.csv --validation real.csv --target female=0.5,male=0.5"


def make_options():
    """Returns the `Options` of the command."""
    return Options("audit", __doc__.split(": ", 1)[1], GROUPS, ("predictions",), example=EXAMPLE)


def main(argv):
    """Parses, measures and prints."""
    options = make_options()
    given = options.read_or_help(argv)
    if given is None:
        return
    from repfair_keras.api.audit import audit

    groups = given.pop("groups")
    names = None if groups is None else [name.strip() for name in groups.split(",")]
    target = given.pop("target")
    target = None if target is None else shares_by_name(target)
    print(audit(groups=names, target=target, **given))
    if given["out"] is not None:
        print(f"report   {given['out']}/report.md")
