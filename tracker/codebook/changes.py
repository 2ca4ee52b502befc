"""The life of an entry: changes to the public record, reasons for a retraction, the working copy."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.codebook.codes import Code, Codes


@dataclass(frozen=True, kw_only=True)
class Change(Code):
    """A kind of change to the public record; `shown_in` says where readers meet it."""

    shown_in: str
    needs_note: bool = False
    moves_last_changed: bool = False


@dataclass(frozen=True, kw_only=True)
class RetractionReason(Code):
    """Why an entry no longer stands; `page_answer` = HTTP status of its page, `page_shows` = what it says."""

    page_answer: int
    page_shows: str


CHANGES = Codes(
    Change(
        code="published",
        label="Published",
        definition="The entry appears for the first time.",
        example="The aid pause goes public.",
        shown_in="/changes/, feed of new entries",
        moves_last_changed=True,
    ),
    Change(
        code="updated",
        label="Updated",
        definition="The world moved, or we learnt more. Needs a note.",
        example="A pause is lifted; a document appears.",
        shown_in="/changes/, feed of changes",
        needs_note=True,
        moves_last_changed=True,
    ),
    Change(
        code="corrected",
        label="Corrected",
        definition="We were wrong. Needs a note that says what was wrong.",
        example="We had given the day of the report as the day of the order.",
        shown_in="/changes/, /corrections/, feeds",
        needs_note=True,
        moves_last_changed=True,
    ),
    Change(
        code="minor",
        label="Minor",
        definition="Nothing a reader would read differently: spelling, an archive address, a topic, a check "
        "without finding (last_verified). May not touch date, actor, agency, category, status history, where "
        "it stands, disputed, affects, or remove a source.",
        example='"Jedda" becomes "Jeddah".',
        shown_in="/changes/ only; does not move last_changed",
    ),
    Change(
        code="retracted",
        label="Retracted",
        definition="The entry should not stand; a tombstone with the reason stays.",
        example="The report behind it was withdrawn.",
        shown_in="/changes/, /corrections/, retractions.csv, feeds",
    ),
    Change(
        code="redacted",
        label="Redacted",
        definition="Text was removed from old versions because the law required it.",
        example="A court forbids a sentence.",
        shown_in="/changes/, with nothing of the text",
    ),
)

RETRACTION_REASONS = Codes(
    RetractionReason(
        code="did_not_happen",
        label="Did not happen",
        definition="The action was never taken; the reports were wrong.",
        example="A false report of a tariff pause, called off within the hour.",
        illustrative=True,
        page_answer=410,
        page_shows="410, reason, sources",
    ),
    RetractionReason(
        code="duplicate",
        label="Duplicate",
        definition="Another entry is about the same action.",
        example="Two editors log one memo.",
        page_answer=301,
        page_shows="redirect to it",
    ),
    RetractionReason(
        code="split",
        label="Split",
        definition="Replaced by several entries.",
        example="One memo entry becomes two.",
        page_answer=410,
        page_shows="410, links",
    ),
    RetractionReason(
        code="out_of_scope",
        label="Out of scope",
        definition="A true event, but no entry under section 1.",
        example="A remark at a rally.",
        page_answer=410,
        page_shows="410",
    ),
    RetractionReason(
        code="legal",
        label="Legal",
        definition="A court or the law requires it. The content of all versions is blanked; the slug gives "
        "way to removed-1, removed-2 … and is never used again.",
        example="An injunction against the publisher.",
        page_answer=451,
        page_shows="451, day and reason only: no title, no names",
    ),
)

WORKFLOW = Codes(
    Code(code="draft", label="Draft", definition="Somebody is still writing it."),
    Code(code="in_review", label="In review", definition="It waits for a reviewer."),
    Code(code="returned", label="Returned", definition="A reviewer has sent it back with a remark."),
    Code(
        code="clean",
        label="Clean",
        definition="Nothing is waiting for a reviewer.",
    ),
)

LEDGER_STATES = Codes(
    Code(code="never", label="Never published", definition="Readers have never seen it."),
    Code(code="current", label="Published", definition="Readers see it."),
    Code(code="retracted", label="Retracted", definition="Readers see a tombstone with the reason."),
)
