"""A line over time as the points of an SVG, made by the server."""

from collections.abc import Sequence
from typing import NamedTuple

from documents.models import EvaluationRun

WIDTH, HEIGHT, MARGIN = 320, 90, 8
MOST = 40  # runs on one chart
MEASURE = "nDCG@10"


class Dot(NamedTuple):
    x: float
    y: float
    said: str


class Chart(NamedTuple):
    title: str
    dots: list[Dot]  # from the oldest on
    low: float
    high: float
    last: float

    @property
    def points(self) -> str:
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def charts(runs: Sequence[EvaluationRun]) -> list[Chart]:
    """One for each set of questions, those that were asked last first."""
    series: dict[str, list[EvaluationRun]] = {}
    for run in runs:
        if isinstance(run.figures.get(MEASURE), float | int):
            series.setdefault(run.series, []).append(run)
    return [_chart(title, found[:MOST][::-1]) for title, found in series.items()]


def _chart(title: str, runs: Sequence[EvaluationRun]) -> Chart:
    """Its height is what the figures span, so that a small change is seen; one run is a dot."""
    values = [float(run.figures[MEASURE]) for run in runs]
    low, high = min(values), max(values)
    span = max(high - low, 0.01)
    lift = (1 - (high - low) / span) / 2  # what hardly differs lies in the middle
    step = (WIDTH - 2 * MARGIN) / max(len(runs) - 1, 1)
    dots = [
        Dot(
            MARGIN + step * place,
            HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * ((value - low) / span + lift),
            f"{value:.4f} on {run.made:%Y-%m-%d %H:%M}",
        )
        for place, (run, value) in enumerate(zip(runs, values, strict=True))
    ]
    return Chart(title, dots, low, high, values[-1])
