"""What the verbs of disposition notes mean in the codebook's terms (sections 2 and 6)."""

from dataclasses import dataclass

from tracker import codebook


@dataclass(frozen=True)
class Meaning:
    """A verb: the relation of the order that acts to the other, and the line that the other's history gets.

    `status` and `in_part` are given where the relation offers no line by itself; None: no line, "": one without status.
    """

    kind: str
    done: str  # what was done to the other order: "Revoked"
    status: str | None = None
    in_part: str | None = None

    def line(self, *, in_part: bool) -> str | None:
        """Return the status of the line for the other order: a code, "" = none of its own, None = no line."""
        if self.status is not None:
            return self.in_part if in_part else self.status
        return codebook.RELATION_KINDS[self.kind].offer(in_part=in_part)


MEANINGS = {
    "revokes": Meaning("reverses", "Revoked"),
    "supersedes": Meaning("supersedes", "Superseded"),
    "amends": Meaning("amends", "Amended"),
    "supplements": Meaning("amends", "Supplemented"),
    "continues": Meaning("extends", "Continued"),
    "reinstates": Meaning("resumes", "Reinstated"),
    "suspends": Meaning("see_also", "Suspended", "on_hold", "partly_in_effect"),
    "nullifies": Meaning("see_also", "Left without its body", "reversed", "partly_in_effect"),
    "see": Meaning("see_also", "See"),
}

_OVER = frozenset({"reversed", "superseded", "expired"})


def status_after(current: str, offered: str) -> str:
    """Return the status of a line that offers `offered` while an order stands at `current`; "" = it stays so.

    What is over is not touched in part any more, and what stands so already does not become so once more.
    """
    if offered == current or (current in _OVER and offered in ("partly_in_effect", "on_hold")):
        return ""
    return offered
