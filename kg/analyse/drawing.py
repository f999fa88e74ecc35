"""Draws the drug–marker network with matplotlib, which nothing else here needs."""

import io
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from statistics import fmean
from typing import Final, Literal, NamedTuple, TypeVar

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

_COLOURS: Final = {  # Okabe and Ito's palette, told apart by people of all colour vision
    "required": "#0072B2",
    "excluded": "#D55E00",
    "measured": "#009E73",
    "stratifying": "#CC79A7",
    "mentioned": "#999999",
}
_STYLES: Final[dict[str, Literal["-", "--", "-.", ":"]]] = {
    "required": "-",
    "excluded": "--",
    "measured": "-.",
    "stratifying": ":",
    "mentioned": "-",
}
_Key = TypeVar("_Key", bound=Hashable)


class Line(NamedTuple):
    """An edge to draw."""

    drug: str
    state: tuple[str, str]  # the marker's IRI and the notation of its state, if any
    role: str
    weight: int


def draw(shown: Sequence[Line], labels: Mapping[str, str], total: int, form: str) -> bytes:
    """Return a picture of these edges, of ``total`` in all; the same bytes for the same edges.

    Args:
        shown: The edges, the heaviest first.
        labels: Names of nodes by IRI.
        total: How many edges there are.
        form: ``png`` or ``svg``.
    """
    with rc_context({"svg.hashsalt": "trialkg", "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        figure = _figure(shown, labels, total)
        stream = io.BytesIO()
        metadata = {"Software": None} if form == "png" else {"Date": None, "Creator": None}
        figure.savefig(stream, format=form, dpi=150, metadata=metadata)
    return stream.getvalue()


def _figure(shown: Sequence[Line], labels: Mapping[str, str], total: int) -> Figure:
    left, right = _rows(shown)
    count = max(len(left), len(right), 1)
    figure = Figure(figsize=(10, 1.6 + 0.3 * count))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, 10)
    axes.set_ylim(-count - 1.2, 2.4)
    places = {key: -(place + 0.5) * count / len(side) for side in (left, right) for place, key in enumerate(side)}
    heaviest = max((line.weight for line in shown), default=1)
    seen: dict[tuple[str, tuple[str, str]], int] = defaultdict(int)
    for line in reversed(shown):
        bend = 0.12 * seen[line.drug, line.state]  # lines of one pair run beside each other
        seen[line.drug, line.state] += 1
        axes.plot(
            (3.6, 6.4),
            (places[line.drug] - bend, places[line.state] - bend),
            color=_COLOURS[line.role],
            linestyle=_STYLES[line.role],
            linewidth=0.8 + 3.2 * line.weight / heaviest,
            alpha=0.75,
        )
    for drug in left:
        axes.text(3.5, places[drug], _short(labels[drug]), ha="right", va="center", fontsize=9)
    for marker, state in right:
        name = f"{labels[marker]} {state.replace('-', ' ')}".strip()
        axes.text(6.5, places[marker, state], _short(name), ha="left", va="center", fontsize=9)
    _caption(figure, shown, total, heaviest)
    return figure


def _caption(figure: Figure, shown: Sequence[Line], total: int, heaviest: int) -> None:
    axes = figure.axes[0]
    axes.text(3.5, 0.5, "drug", ha="right", va="bottom", fontsize=10, weight="bold")
    axes.text(6.5, 0.5, "marker and state", ha="left", va="bottom", fontsize=10, weight="bold")
    roles = [role for role in _COLOURS if any(line.role == role for line in shown)]
    handles = [Line2D([], [], color=_COLOURS[role], linestyle=_STYLES[role], linewidth=2, label=role) for role in roles]
    if handles:
        axes.legend(handles=handles, loc="upper center", ncols=len(handles), frameon=False, fontsize=9)
    rest = f"; {total - len(shown)} are left out, mentions first, then the lightest" if total > len(shown) else ""
    text = f"{len(shown)} of {total} edges{rest}. Width: number of trials, at most {heaviest}."
    axes.text(5, axes.get_ylim()[0] + 0.3, text, ha="center", va="bottom", fontsize=8, color="#444444")


def _rows(shown: Sequence[Line]) -> tuple[list[str], list[tuple[str, str]]]:
    """Order drugs and marker states so that few lines cross: each stands at the mean place of its partners."""
    left = list(dict.fromkeys(line.drug for line in shown))
    right = list(dict.fromkeys(line.state for line in shown))
    for _ in range(12):
        right = _by_mean_place(right, [(line.state, left.index(line.drug)) for line in shown])
        left = _by_mean_place(left, [(line.drug, right.index(line.state)) for line in shown])
    return left, right


def _by_mean_place(keys: list[_Key], partners: list[tuple[_Key, int]]) -> list[_Key]:
    places: dict[_Key, list[int]] = defaultdict(list)
    for key, place in partners:
        places[key].append(place)
    return sorted(keys, key=lambda key: fmean(places[key]))


def _short(label: str) -> str:
    return label if len(label) <= 42 else f"{label[:41].rstrip()}…"
