"""The symbols of the statuses for pictures: those of sprite.svg, in its units of a twelfth of their side."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

SIDE = 28  # pixels
_FINE = 8  # drawn so much larger, so that edges are smooth when it shrinks

Shape = tuple[str, tuple[float, ...], float]
"""ring (x, y, radius), disc, pie (x, y, radius, from, to), area and path (x, y, ...); then the width of the stroke."""

_ARROW = (4.8, 1.3, 1.9, 4.2, 4.8, 7.1)
GLYPHS: dict[str, tuple[Shape, ...]] = {
    "reported": tuple(("arc", (6, 6, 5.2, start, start + 24), 1.6) for start in range(0, 360, 45)),
    "announced": (("ring", (6, 6, 5.25), 1.7),),
    "in-effect": (("disc", (6, 6, 5.1), 0),),
    "partly-in-effect": (("ring", (6, 6, 5.2), 1.6), ("pie", (6, 6, 4.8, 90, 270), 0)),
    "on-hold": (
        ("area", (2.6, 1.4, 5.1, 1.4, 5.1, 10.6, 2.6, 10.6), 0),
        ("area", (6.9, 1.4, 9.4, 1.4, 9.4, 10.6, 6.9, 10.6), 0),
    ),
    "blocked": (
        ("area", (3.8, 0.9, 8.2, 0.9, 11.1, 3.8, 11.1, 8.2, 8.2, 11.1, 3.8, 11.1, 0.9, 8.2, 0.9, 3.8), 0),
        ("hole", (3, 5, 9, 5, 9, 7, 3, 7), 0),
    ),
    "reversed": (
        ("path", (2.2, 4.2, 7.2, 4.2), 1.7),
        ("arc", (7.2, 7.1, 3.75, 270, 90), 1.7),
        ("path", (7.2, 10, 4.4, 10), 1.7),
        ("path", _ARROW, 1.7),
    ),
    "superseded": (
        ("path", (3.4, 7.6, 1.5, 7.6, 1.5, 1.6, 7.5, 1.6, 7.5, 3.5), 1.5),
        ("area", (4.6, 4.6, 11, 4.6, 11, 11, 4.6, 11), 0),
    ),
    "expired": (
        ("path", (2.4, 1.2, 9.6, 1.2), 1.5),
        ("path", (2.4, 10.8, 9.6, 10.8), 1.5),
        ("area", (3.2, 1.8, 8.8, 1.8, 6, 6), 0),
        ("area", (6, 6, 8.8, 10.2, 3.2, 10.2), 0),
    ),
    "withdrawn": (("ring", (6, 6, 4.45), 1.5), ("path", (1.2, 10.8, 10.8, 1.2), 1.6)),
    "took-place": (("area", (6, 0.9, 11.1, 6, 6, 11.1, 0.9, 6), 0),),
}


@lru_cache(maxsize=len(GLYPHS))
def glyph(name: str) -> Image.Image:
    """Return the symbol of a status as a mask, SIDE pixels wide and high."""
    side = SIDE * _FINE
    image = Image.new("L", (side, side))
    pen = ImageDraw.Draw(image)
    for kind, numbers, stroke in GLYPHS[name]:
        _shape(pen, kind, numbers, stroke, scale=side / 12)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _shape(pen: ImageDraw.ImageDraw, kind: str, numbers: tuple[float, ...], stroke: float, *, scale: float) -> None:
    if kind in ("area", "hole", "path"):
        points = [number * scale for number in numbers]
        if kind == "path":
            pen.line(points, fill=255, width=round(stroke * scale), joint="curve")
        else:
            pen.polygon(points, fill=255 if kind == "area" else 0)
        return
    x, y, radius = (number * scale for number in numbers[:3])
    box = (x - radius, y - radius, x + radius, y + radius)
    match kind:
        case "ring":
            pen.ellipse(box, outline=255, width=round(stroke * scale))
        case "disc":
            pen.ellipse(box, fill=255)
        case "pie":
            pen.pieslice(box, numbers[3], numbers[4], fill=255)
        case "arc":
            pen.arc(box, numbers[3], numbers[4], fill=255, width=round(stroke * scale))
