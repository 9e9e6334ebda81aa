"""Names as text in a figure."""


def label(name, width=28):
    """Returns a name short enough for a figure, spelled as it is; every name that a user chose goes through here."""
    return as_it_is(name if len(name) <= width else name[: width - 1] + "…")


def as_it_is(text):
    """Returns text that matplotlib draws as it is: it reads `$...$` as a formula."""
    return text.replace("$", r"\$")
