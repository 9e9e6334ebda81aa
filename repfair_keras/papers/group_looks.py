"""Whether the groups of a data set are as a paper describes them: their shares and their brightness."""

import numpy as np

from repfair_keras.papers.figure import Material, Measured
from repfair_keras.papers.verdict import Part, judge
from repfair_keras.reporting.markdown.text import count, escape, percent, table

PAPER_SIZES = {"mnist": (60_000,), "svhn": (73_256, 73_257)}  # the paper counts one image of SVHN too few
PAPER_NAMES = {"mnist": "MNIST", "svhn": "SVHN"}
SHARE_TOLERANCE = 0.01
BACKGROUND = 0.98  # of the images: a few digits reach into a corner
DARKER = (0.45, 0.55)  # brightness of shaded over normal images; 0.5 up to which images each group has
RULES = (
    f"Each group has 50 % of the images within {100 * SHARE_TOLERANCE:g} point.",
    f"At least {100 * BACKGROUND:g} % of the black and of the white digits have a mean intensity of the four"
    " corners below and above one half.",
    f"Shaded images have {DARKER[0]:g} to {DARKER[1]:g} times the mean brightness of the normal ones.",
    "A size is left open where less than the whole data set, or another one, is at hand.",
)
EXPLAINED = (
    "Brightness is the mean pixel, 0 black to 1 white; bright corners are images whose four corner pixels "
    "have a mean above one half. The opacity of the paper's black overlay is not printed: here it is one "
    "half, which halves the brightness."
)


def measure(
    material: Material, papers=tuple(PAPER_NAMES), sizes: dict | None = None, explained: str = EXPLAINED
) -> Measured:
    """Are the groups as described?

    Args:
        material: `Material` with data sets.
        papers: names of the data sets that the paper shows.
        sizes: dict of these names to the numbers of images that the paper gives; `None`: RepFair-GAN's.
        explained: said below the table.
    """
    rows = [row for paper, data in material.data.items() for row in _rows(paper, data)]
    lacking = [name for name in papers if name not in material.data]
    missing = " ".join(f"{PAPER_NAMES[name]} could not be loaded." for name in lacking)
    parts = verdict(material.data, rows, sizes or PAPER_SIZES)
    return judge(rows, _text(material.data, rows, explained), parts, RULES, missing)


def verdict(datasets: dict, rows: list[dict], sizes: dict) -> list[Part]:
    """The parts of the claim: shares and looks of each data set's groups, then the numbers of images."""
    looks = [part for paper, data in datasets.items() for part in _look_parts(paper, data, rows)]
    known = {paper: data for paper, data in datasets.items() if paper in sizes}
    return looks + [_size_part(paper, data, sizes[paper]) for paper, data in known.items()]


def heading(paper: str, data) -> str:
    """Returns the name of a data set as in the paper, and what stands in its place."""
    name = PAPER_NAMES.get(paper, paper)
    return name if data.name == paper else f"{data.name}, stand-in for {name}"


def _rows(paper, data):
    corners = data.pixels[:, [0, 0, -1, -1], [0, -1, 0, -1]].reshape(len(data), -1).mean(axis=1) / 255
    brightness = data.pixels.reshape(len(data), -1).mean(axis=1) / 255
    for group, name in enumerate(data.group_names):
        members = data.groups == group
        yield {
            "dataset": data.name,
            "in_place_of": paper,
            "group": name,
            "n": int(members.sum()),
            "share": float(data.shares[group]),
            "brightness": float(brightness[members].mean()),
            "bright_corners": float((corners[members] > 0.5).mean()),
        }


def _look_parts(paper, data, rows):
    """What the paper says of one data set."""
    groups = [row for row in rows if row["in_place_of"] == paper]
    name, shares = heading(paper, data), [row["share"] for row in groups]
    equal = float(np.abs(np.array(shares) - 0.5).max()) <= SHARE_TOLERANCE and len(shares) == 2
    yield Part(f"{name} has groups of {' and '.join(map(percent, shares))}", equal)
    if data.grouping == "invert":
        black, white = (row["bright_corners"] for row in groups)
        dark, bright = percent(1 - black), percent(white)
        text = f"in {name} {dark} of the black digits have dark corners, {bright} of the white bright ones"
        yield Part(text, 1 - black >= BACKGROUND and white >= BACKGROUND, key=True)
    if data.grouping == "shade":
        normal, shaded = (row["brightness"] for row in groups)
        ratio = shaded / normal if normal else 1.0
        text = f"in {name} shaded images have {ratio:.2f} times the brightness of normal ones"
        yield Part(text, DARKER[0] <= ratio <= DARKER[1], key=True)


def _size_part(paper, data, sizes):
    text = f"{heading(paper, data)} has {len(data):,} images, claimed: {sizes[0]:,}"
    return Part(text, True if data.name == paper and len(data) in sizes else None)


def _text(datasets, rows, explained):
    if not rows:
        return "No data set could be loaded."
    header = ["data set, group", "images", "share", "brightness", "bright corners"]
    lines = [
        [
            f"{heading(row['in_place_of'], datasets[row['in_place_of']])}, {row['group']}",
            count(row["n"]),
            percent(row["share"]),
            f"{row['brightness']:.2f}",
            percent(row["bright_corners"]),
        ]
        for row in rows
    ]
    sources = " ".join(f"{heading(paper, data)}: {data.source}" for paper, data in datasets.items())
    return f"{table(header, lines)}\n\n{explained} {escape(sources)}"
