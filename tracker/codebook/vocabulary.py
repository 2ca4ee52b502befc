"""Kinds of terms and of parties, and the fixed choices that stand for a finding."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.codebook.codes import Code, Codes

# The actor when the sources name nobody: a finding, where a blank means that nobody has looked.
NOT_NAMED = "not-named"
# The agency when no body is known.
NOT_KNOWN = "not-known"


@dataclass(frozen=True, kw_only=True)
class TermKind(Code):
    """A kind of published term; `plural` is the first part of the addresses of its pages."""

    plural: str


TERM_KINDS = Codes(
    TermKind(
        code="actor",
        label="Actor",
        definition="The person or body that the sources name as having taken the decision; a spokesperson is "
        "not the actor.",
        example="Pam Bondi",
        plural="actors",
    ),
    TermKind(
        code="agency",
        label="Agency",
        definition="The body on whose authority the action was taken.",
        example="Justice Department",
        plural="agencies",
    ),
    TermKind(
        code="party",
        label="Party affected",
        definition="Who or what is acted upon: states, organisations, groups, units.",
        example="Ukraine",
        plural="parties",
    ),
    TermKind(
        code="topic",
        label="Topic",
        definition="A subject of actions.",
        example="Military aid",
        plural="topics",
    ),
    TermKind(
        code="category",
        label="Category",
        definition="What an action does.",
        example="Aid paused or cut",
        plural="categories",
    ),
    TermKind(
        code="publisher",
        label="Publisher",
        definition="Who reported it first-hand, even when we read it elsewhere.",
        example="Associated Press",
        plural="publishers",
    ),
    TermKind(
        code="source",
        label="Source",
        definition="One thing that can be opened and read.",
        example="A Justice Department memo",
        plural="sources",
    ),
)

PARTY_KINDS = Codes(
    Code(code="state", label="State", definition="A country or territory.", example="Ukraine"),
    Code(
        code="organisation",
        label="Organisation",
        definition="A firm, an association or a body between states.",
        example="A bank on a sanctions list",
    ),
    Code(
        code="group",
        label="Group",
        definition="Several parties that are acted upon together; it may list its members.",
        example="Sanctioned Russian elites",
    ),
    Code(
        code="unit",
        label="Unit",
        definition="A task force, office or programme that is itself acted upon.",
        example="Task Force KleptoCapture",
    ),
)
