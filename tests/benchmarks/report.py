"""What was measured, as a table on the screen, as JSON, and as a part of docs/performance.md."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, FOLDER = DOCS / "performance.md", DOCS / "performance"
_BEGIN, _END = "<!-- {} (generated) -->", "<!-- end of {} -->"
_TITLE = "# Performance\n\nMeasured, not promised: each part below is written by the command that it names.\n"


@dataclass(frozen=True)
class Figure:
    """One thing measured. `peer` is the same by other means (None: there is none to compare), both in `unit`.

    `most` is the target: the highest ratio to the peer, or the highest figure where there is no peer (None: stated).
    """

    what: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    most: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's."""
        return self.ours / self.peer if self.peer else None

    @property
    def passed(self) -> bool | None:
        """Whether the target is met; None where there is none, or no peer to compare with."""
        measured = self.ratio if self.peer_name else self.ours
        return None if self.most is None or measured is None else measured <= self.most

    def cells(self) -> list[str]:
        """Return the row of the table."""
        passed = {True: "yes", False: "NO", None: ""}[self.passed]
        limit = "" if self.most is None else f"<= {self.most:g} {'x' if self.peer_name else self.unit}"
        peer = f"{_said(self.peer)} {self.unit} ({self.peer_name})" if self.peer else self.peer_name
        ratio = f"{self.ratio:.2f}" if self.ratio else ""
        return [self.what, f"{_said(self.ours)} {self.unit}", peer, ratio, limit, passed]


HEADINGS = ["what", "ours", "peer", "ratio", "target", "met"]


def _said(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table, its columns in line."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def write(part: str, name: str, *, about: dict[str, str], figures: Sequence[Figure], command: str) -> None:
    """Keep the figures as docs/performance/PART-NAME.json and write the part of the page anew from all of its files."""
    FOLDER.mkdir(exist_ok=True)
    kept: dict[str, Any] = {"about": about, "figures": [asdict(figure) for figure in figures]}
    (FOLDER / f"{part}-{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    _replace(part, _markdown(part, command=command))


def _markdown(part: str, *, command: str) -> str:
    lines = [f"## {part.capitalize()}", "", f"`{command}`", ""]
    for file in sorted(FOLDER.glob(f"{part}-*.json"), key=_by_size):
        kept = json.loads(file.read_text())
        about, figures = kept["about"], [Figure(**figure) for figure in kept["figures"]]
        lines += [f"### {about['title']}", ""]
        lines += [f"- {name}: {told}" for name, told in about.items() if name != "title"]
        lines += ["", table(figures), ""]
    return "\n".join(lines)


def _by_size(file: Path) -> tuple[int, str]:
    *_, rows = file.stem.split("-")
    return int(rows), file.stem


def _replace(part: str, text: str) -> None:
    begin, end = _BEGIN.format(part), _END.format(part)
    page = PAGE.read_text() if PAGE.exists() else _TITLE
    fresh = f"{begin}\n{text}{end}\n"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}\n", re.DOTALL)
    PAGE.write_text(found.sub(lambda _: fresh, page) if found.search(page) else f"{page}\n{fresh}")
