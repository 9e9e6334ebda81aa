"""`python -m repfair_keras.compare RUN RUN ...`: methods side by side over seeds."""

from repfair_keras.commands.command_line import Options, asked_for_help, option

OPTIONS = Options(
    "compare",
    __doc__.split(": ", 1)[1],
    {
        "options": {
            "baseline": option("baseline", str | None, None, "method to compare with; null: the first run's"),
            "x": option("x", str | None, None, "column of the figure of images; null: gap"),
            "y": option("y", str | None, None, "column of the figure of images; null: kid_worst"),
            "out": option("out", str, "comparison", "new folder for table and figure"),
        }
    },
    ("runs",),
    many=True,
    example="python -m repfair_keras.compare runs/a runs/b sweeps/mine --baseline gan --out comparison",
)


def main(argv):
    """Parses, compares and prints."""
    if (everything := asked_for_help(argv)) is not None:
        print(OPTIONS.help(everything))
        return
    given = OPTIONS.read(argv)
    from repfair_keras.comparison.compare_runs import compare

    compared = compare(given["runs"], given["out"], given["baseline"], given["x"], given["y"])
    print(f"{compared.to_markdown()}\n\nwritten to {given['out']}")
