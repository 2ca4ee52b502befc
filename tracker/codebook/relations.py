"""How two actions hang together. Read "A implements B", entered at A."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.codebook.codes import Code, Codes


@dataclass(frozen=True, kw_only=True)
class RelationKind(Code):
    """A kind of relation from A to B.

    `offers` is the status of the line that the form proposes for B's history: None = it proposes nothing,
    "" = a development that leaves the status as it was. `offers_in_part` replaces it where only a part of B
    is touched; None = no difference. `settles`: B's status must agree before it can be published.
    """

    shown_at_target: str
    offers: str | None = None
    offers_in_part: str | None = None
    moves_due_date: bool = False
    symmetric: bool = False
    later_first: bool = True
    settles: bool = False

    def offer(self, *, in_part: bool) -> str | None:
        """The status proposed for B: a code of STATUSES, "" = a line without status, None = nothing."""
        if in_part and self.offers_in_part is not None:
            return self.offers_in_part
        return self.offers


RELATION_KINDS = Codes(
    RelationKind(
        code="implements",
        label="Implements",
        definition="A carries out what B ordered or decided.",
        example="A department's memo carries out an executive order.",
        shown_at_target="implemented by",
    ),
    RelationKind(
        code="reverses",
        label="Reverses",
        definition="A undoes B.",
        example="The Jeddah talks of 11 March 2025 reverse the aid pause.",
        shown_at_target="reversed by",
        offers="reversed",
        offers_in_part="partly_in_effect",
        settles=True,
    ),
    RelationKind(
        code="supersedes",
        label="Supersedes",
        definition="A takes B's place.",
        example="A second travel order replaces the first.",
        shown_at_target="superseded by",
        offers="superseded",
        offers_in_part="partly_in_effect",
        settles=True,
    ),
    RelationKind(
        code="amends",
        label="Amends",
        definition="A changes the wording or reach of B, which goes on.",
        example="EO 13716 amends EO 13628.",
        illustrative=True,
        shown_at_target="amended by",
        offers="",
    ),
    RelationKind(
        code="extends",
        label="Extends",
        definition="A makes B last longer than its terms said.",
        example="A notice continues an emergency for a year.",
        shown_at_target="extended by",
        offers="",
        moves_due_date=True,
    ),
    RelationKind(
        code="resumes",
        label="Resumes",
        definition="A puts B back into effect after it was on hold, blocked or undone.",
        example="EO 14171 reinstates EO 13957.",
        illustrative=True,
        shown_at_target="resumed by",
        offers="in_effect",
    ),
    RelationKind(
        code="blocks",
        label="Blocks",
        definition="A, taken by another body, stops B.",
        example="A ruling logged as an entry of its own.",
        shown_at_target="blocked by",
        offers="blocked",
        offers_in_part="partly_in_effect",
        settles=True,
    ),
    RelationKind(
        code="part_of",
        label="Part of",
        definition="A is one piece of B.",
        example="One agency's dismissals within the government-wide ones.",
        shown_at_target="includes",
        later_first=False,
    ),
    RelationKind(
        code="responds_to",
        label="Responds to",
        definition="A was taken because of B and leaves B as it stands.",
        example="A tariff raised in answer to another state's tariff.",
        shown_at_target="answered by",
    ),
    RelationKind(
        code="see_also",
        label="See also",
        definition="A and B belong together; nothing more is claimed. Works both ways.",
        example="Two units closed by one memo.",
        shown_at_target="see also",
        later_first=False,
        symmetric=True,
    ),
)
