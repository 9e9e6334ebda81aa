"""`python -m repfair_keras.inspect FILE`: what your table holds, what is wrong with it, and what trains on it."""

from repfair_keras.commands.command_line import Options, option
from repfair_keras.core.errors import InputError

GROUPS = {
    "data": {
        "grouping": option(
            "grouping", str | None, None, "column of the groups, or several: sex,race; null: proposals"
        ),
        "target_column": option(
            "target_column", str | None, None, "column that classifiers predict; null: a proposal"
        ),
        "drop": option("drop", list[str] | None, None, "columns to leave out"),
        "categorical": option(
            "categorical", list[str] | None, None, "columns of numbers that are categories"
        ),
        "numeric": option("numeric", list[str] | None, None, "columns of text that are numbers"),
    },
    "command": {
        "metadata": option("metadata", str | None, None, "JSON that SDV writes of the table's columns"),
        "write_metadata": option(
            "write_metadata", str | None, None, "file for the same of what was found, for SDV and SDMetrics"
        ),
    },
}
EXAMPLE = "python -m repfair_keras.inspect people.csv --grouping sex --target_column income"


def make_options():
    """Returns the `Options` of the command."""
    return Options("inspect", __doc__.split(": ", 1)[1], GROUPS, ("file",), example=EXAMPLE)


def main(argv):
    """Parses, looks and prints; ends with an error if the table cannot be trained on as the printed command says."""
    given = make_options().read_or_help(argv)
    if given is None:
        return
    from repfair_keras.api.inspect_table import inspect_table

    path = given.pop("file")
    profile = inspect_table(path, **given)
    print(profile)
    if given["write_metadata"] is not None:
        print(f"\nmetadata  {given['write_metadata']}")
    unmended = [problem.what for problem in profile.problems if not problem.mend]
    if unmended:
        more = f" and {len(unmended) - 1} more" if len(unmended) > 1 else ""
        raise InputError(f"{path} cannot be trained on as it is: {unmended[0]}{more}. See Problems above.")
