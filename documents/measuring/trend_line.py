"""A line over time as the points of an SVG, made by the server."""

from collections.abc import Sequence
from typing import NamedTuple

from documents.models import EvaluationRun

WIDTH, HEIGHT, MARGIN = 320, 90, 8
MOST = 40  # runs on one chart
MEASURES = ("nDCG@10", "accuracy", "share held")  # the one that a run has is drawn


class Dot(NamedTuple):
    x: float
    y: float
    said: str


class Chart(NamedTuple):
    title: str
    measure: str
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
        if _measure(run):
            series.setdefault(run.series, []).append(run)
    return [_chart(title, found[:MOST][::-1]) for title, found in series.items()]


def _measure(run: EvaluationRun) -> str | None:
    return next((each for each in MEASURES if isinstance(run.figures.get(each), float | int)), None)


def _chart(title: str, runs: Sequence[EvaluationRun]) -> Chart:
    """Its height is what the figures span, so that a small change is seen; one run is a dot."""
    measure = _measure(runs[-1]) or MEASURES[0]
    values = [float(run.figures[measure]) for run in runs]
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
    return Chart(title, measure, dots, low, high, values[-1])
