"""`python -m repfair_keras metrics`: prints the definition of every metric."""

from repfair_keras.core.errors import InputError


def main(argv):
    """Prints the catalogue."""
    if argv and argv[0] not in ("-h", "--help"):
        raise InputError(f"metrics takes no words, but {argv[0]!r} is given: python -m repfair_keras metrics")
    from repfair_keras.reporting.metrics_table import metrics_table

    print(metrics_table())
