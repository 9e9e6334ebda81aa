"""What matplotlib draws, read back: bars, points, lines and texts of a figure."""

from matplotlib.collections import PathCollection


def bars(axes):
    """Heights of the bars: a row per group and a last one of the undecided images."""
    containers = [each for each in axes.containers if hasattr(each, "patches") and each.patches]
    return [[bar.get_height() for bar in container] for container in containers]


def dots(axes):
    """Heights of the seeds' points, sorted."""
    drawn = [each for each in axes.collections if isinstance(each, PathCollection)]
    return sorted(float(y) for each in drawn for _, y in each.get_offsets())


def legend(figure):
    return [text.get_text() for each in figure.legends for text in each.get_texts()]


def segments(axes):
    return [
        segment
        for each in axes.collections
        if hasattr(each, "get_segments")
        for segment in each.get_segments()
    ]


def titles(figure):
    return [axes.get_title() for axes in figure.axes]


def curves(axes, color, thick):
    """Points of the lines of a colour: the thick one of the mean, or the thin ones of the seeds."""
    lines = [each for each in axes.get_lines() if each.get_color() == color and len(each.get_xdata()) > 0]
    return [each.get_xydata().tolist() for each in lines if (each.get_linewidth() > 2) == thick]


def points(axes):
    """Places of the dots: filled ones of seeds, and open ones of seeds without a value."""
    dots = [each for each in axes.collections if isinstance(each, PathCollection)]
    filled = [d for d in dots if d.get_facecolor()[0][:3].tolist() == [0, 0, 0] and len(d.get_offsets())]
    is_open = [d for d in dots if d.get_facecolor()[0][:3].tolist() == [1, 1, 1] and len(d.get_offsets())]
    return [[offset.tolist() for d in these for offset in d.get_offsets()] for these in (filled, is_open)]


def means(axes):
    return [line.get_xdata()[0] for line in axes.get_lines() if line.get_marker() == "D"]
