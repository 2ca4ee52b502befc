"""How matters stand with an action: its status, who brought that about, and whether it is in force.

A status speaks of the action itself, never of the programme that the action touches.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.codebook.codes import Code, Codes

# The headed groups of the status filter, in the order in which they are shown.
STATUS_GROUPS = ("in force", "not in force", "neither")

# The words of the sentence that counts what became of the actions found, in its order.
FATES = (
    "in force",
    "partly",
    "announced",
    "on hold",
    "stopped by a court",
    "undone",
    "expired",
    "took place",
    "unconfirmed",
)


@dataclass(frozen=True, kw_only=True)
class Status(Code):
    """A status with what follows from it: `in_force` (IN_FORCE), `group` (STATUS_GROUPS), `fate` (FATES)."""

    in_force: str
    group: str
    fate: str

    @property
    def glyph(self) -> str:
        """Name of the symbol drawn beside the word; a symbol's name has hyphens, as in `in-effect`."""
        return self.code.replace("_", "-")


STATUSES = Codes(
    Status(
        code="reported",
        label="Reported",
        definition="The press says that the action was taken, but no document is public and nobody has "
        "confirmed it by name for the body that acted, so we do not know whether it is in force.",
        example="Cyber Command told to stop offensive operations against Russia (first reported 28 Feb 2025).",
        in_force="unknown",
        group="neither",
        fate="unconfirmed",
    ),
    Status(
        code="announced",
        label="Announced",
        definition="The body that acts has made it public that it will do this, and it has not started.",
        example="Tariffs announced on 2 April 2025 that were to start on 5 April. A proposed rule.",
        illustrative=True,
        in_force="no",
        group="not in force",
        fate="announced",
    ),
    Status(
        code="in_effect",
        label="In effect",
        definition="The action applies, or its result stands and could still be undone.",
        example="Task Force KleptoCapture disbanded by a memo of 5 Feb 2025.",
        in_force="yes",
        group="in force",
        fate="in force",
    ),
    Status(
        code="partly_in_effect",
        label="Partly in effect",
        definition="One part applies and another does not, because it was blocked, undone, put on hold or "
        "has not started.",
        example="Entry limits of Proclamation 9645 from 18 Oct 2017: six countries blocked by a court, the "
        "rest applied.",
        illustrative=True,
        in_force="partly",
        group="in force",
        fate="partly",
    ),
    Status(
        code="on_hold",
        label="On hold",
        definition="Those who took the action, or someone above them, have stopped it for the time being, "
        "before or after it started.",
        example="Country-specific tariff rates suspended from 10 April to 9 July 2025.",
        illustrative=True,
        in_force="no",
        group="not in force",
        fate="on hold",
    ),
    Status(
        code="blocked",
        label="Blocked by court",
        definition="A court order stops the whole action, whether for now or for good.",
        example="A judge forbids an agency to carry out an order anywhere; the government appeals.",
        in_force="no",
        group="not in force",
        fate="stopped by a court",
    ),
    Status(
        code="reversed",
        label="Reversed",
        definition="The action was undone by those who took it, by their successors or superiors, or by a law.",
        example="The military aid pause of 3 March 2025, lifted on 11 March.",
        in_force="no",
        group="not in force",
        fate="undone",
    ),
    Status(
        code="superseded",
        label="Superseded",
        definition="A later action on the same matter took its place.",
        example="A travel order replaced by a second one that revokes it and regulates the same entries.",
        in_force="no",
        group="not in force",
        fate="undone",
    ),
    Status(
        code="expired",
        label="Expired",
        definition="It ended because its own terms said so: a day, a condition, or a finished task.",
        example="A 90-day freeze reaches day 90 and is not prolonged.",
        in_force="no",
        group="not in force",
        fate="expired",
    ),
    Status(
        code="withdrawn",
        label="Withdrawn",
        definition="It was taken back before it ever took effect.",
        example="A proposed rule is dropped before there is a final rule.",
        in_force="no",
        group="not in force",
        fate="undone",
    ),
    Status(
        code="took_place",
        label="Took place",
        definition="A single event that happened and left nothing behind that could be in force.",
        example="US and Russian delegations met in Riyadh on 18 Feb 2025.",
        in_force="not_applicable",
        group="neither",
        fate="took place",
    ),
)

STATUS_BY = Codes(
    Code(
        code="issuer",
        label="Issuer",
        definition="Those who took the action, their successors or superiors. Default, but blank for "
        "reported and took_place.",
        example="The president lifts his own pause.",
    ),
    Code(
        code="court",
        label="Court",
        definition="A judge or court. Default for blocked.",
        example="An injunction; a stay of it; a final ruling.",
    ),
    Code(
        code="legislature",
        label="Legislature",
        definition="A parliament, by vote or law.",
        example="Congress disapproves a rule.",
    ),
    Code(
        code="terms",
        label="Terms",
        definition="The action's own wording. Default for expired.",
        example="Day 90 of a 90-day freeze.",
    ),
    Code(
        code="other",
        label="Other",
        definition="Anyone or anything else, named in the note.",
        example="A partner state ends a joint programme.",
    ),
)

# Who brings a status about unless the editor says otherwise; "" = not known, or nothing to bring about.
_DEFAULT_BY = {"reported": "", "took_place": "", "blocked": "court", "expired": "terms"}


# How STATUS_BY reads at the end of a line of the history: "Blocked by court, 11 Mar 2025, by a court".
BY_PHRASES = {
    "issuer": "by the issuer",
    "court": "by a court",
    "legislature": "by a legislature",
    "terms": "by its own terms",
    "other": "by others",
}


def default_by(status: str) -> str:
    """The `by` that a form proposes for a status: a code of STATUS_BY, or "" where there is none.

    A development without a status (`status == ""`) has none either.
    """
    if not status:
        return ""
    return _DEFAULT_BY.get(status, "issuer")


IN_FORCE = Codes(
    Code(code="yes", label="Yes", definition="The whole action applied on that day.", example="in_effect"),
    Code(
        code="partly",
        label="Partly",
        definition="A part of it applied on that day.",
        example="partly_in_effect",
    ),
    Code(
        code="no",
        label="No",
        definition="It did not apply on that day: not yet, no longer, or stopped.",
        example="announced, on_hold, blocked, reversed, superseded, expired, withdrawn",
    ),
    Code(code="unknown", label="Unknown", definition="We cannot tell.", example="reported"),
    Code(
        code="not_applicable",
        label="Not applicable",
        definition="There is nothing that could be in force.",
        example="took_place",
    ),
)

# What `in_force_on=D` means when it stands alone: something applied on that day.
IN_FORCE_VALUES_HOLDING = ("yes", "partly")
