"""Fronts of two metrics that both should be large, and the area below them."""

from collections.abc import Iterable

REFERENCE = (0.5, 0.0)  # AUROC of a guess, ratio of a classifier that gives one group nothing


def front(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Returns the points that no other one equals or exceeds in both metrics, by the first; equal points once.

    Examples:
        >>> front([(0.9, 0.3), (0.8, 0.6), (0.7, 0.5), (0.9, 0.2)])
        [(0.8, 0.6), (0.9, 0.3)]
    """
    best: list[tuple[float, float]] = []
    for point in sorted(set(points), reverse=True):
        if not best or point[1] > best[-1][1]:
            best.append(point)
    return best[::-1]


def hypervolume(points: Iterable[tuple[float, float]], reference: tuple[float, float] = REFERENCE) -> float:
    """Returns the area that is below a front: of all that some point equals or exceeds, above a reference point.

    Args:
        points: pairs of metrics; those below the reference in either add nothing.
        reference: where the area begins.

    Examples:
        >>> round(hypervolume([(0.9, 0.3), (0.8, 0.6)]), 6)
        0.21
    """
    area, left = 0.0, reference[0]
    for x, y in front(points):
        if x > left and y > reference[1]:
            area += (x - left) * (y - reference[1])
            left = x
    return area


def reached(point: tuple[float, float], points: Iterable[tuple[float, float]]) -> bool:
    """Returns whether some of the points is as good as a point in both metrics.

    Examples:
        >>> reached((0.8, 0.5), [(0.8, 0.6), (0.9, 0.3)]), reached((0.85, 0.5), [(0.8, 0.6), (0.9, 0.3)])
        (True, False)
    """
    return any(x >= point[0] and y >= point[1] for x, y in points)
