"""Where we have it from: kinds of sources, how a source is used, and how strong the evidence is."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.codebook.codes import Code, Codes


@dataclass(frozen=True, kw_only=True)
class SourceKind(Code):
    """A kind of source; `official` = issued by a public body or a court."""

    official: bool


@dataclass(frozen=True, kw_only=True)
class Attribution(Code):
    """On whose word a source has it; `rank` counts from 1, the strongest.

    `on_record`: it names and quotes a document, a court record or a person, which is enough for the
    evidence "on the record". `first_hand`: the publisher does not merely repeat, so it can corroborate.
    `confirms`: the body that acted has said so itself, or a court has, so that more than `reported` may be said.
    """

    rank: int
    on_record: bool = True
    first_hand: bool = True
    confirms: bool = True


SOURCE_KINDS = Codes(
    SourceKind(
        code="news_report",
        label="News report",
        definition="An article, broadcast or live page of a news publisher.",
        example="The Record, 28 Feb 2025",
        official=False,
    ),
    SourceKind(
        code="official_document",
        label="Official document",
        definition="An order, memo, rule, notice, law or register entry issued by a public body.",
        example="A Justice Department memo",
        official=True,
    ),
    SourceKind(
        code="official_statement",
        label="Official statement",
        definition="A statement, transcript or post put out under its name by a public body that took part.",
        example="A joint statement of two governments",
        official=True,
    ),
    SourceKind(
        code="court_record",
        label="Court record",
        definition="A filing, order, transcript or ruling.",
        example="An injunction",
        official=True,
    ),
    SourceKind(
        code="dataset",
        label="Dataset",
        definition="A table of a third party.",
        example="Trump Action Tracker",
        official=False,
    ),
    SourceKind(
        code="other_publication",
        label="Other publication",
        definition="A study, law-firm note, book, NGO statement.",
        example="A statement of Transparency International US",
        official=False,
    ),
)

OFFICIAL_KINDS = tuple(kind.code for kind in SOURCE_KINDS.values() if kind.official)

STANCES = Codes(
    Code(code="supports", label="Supports", definition="The source says that it is so."),
    Code(
        code="disputes",
        label="Disputes",
        definition="The source denies that it is so, or that it is so as described.",
    ),
)

BEARS_ON = Codes(
    Code(code="action", label="Action", definition="The source says that the action was taken, and what it is."),
    Code(code="date", label="Date", definition="The source says when the action was taken."),
    Code(code="actor", label="Actor", definition="The source says who took the decision."),
    Code(code="status", label="Status", definition="The source says what became of the action."),
)

ATTRIBUTIONS = Codes(
    Attribution(
        code="document",
        label="Document",
        definition="The source is, or names and quotes, a document of the body that acted.",
        example="A report quoting the attorney general's memo of 5 Feb 2025.",
        rank=1,
    ),
    Attribution(
        code="court_record",
        label="Court record",
        definition="The source is, or names and quotes, a filing or ruling.",
        example="A report quoting an injunction.",
        rank=2,
    ),
    Attribution(
        code="named_official",
        label="Named official",
        definition="Someone who speaks for the body that acted says so by name.",
        example="The CIA director confirming the intelligence pause on 5 March 2025.",
        rank=3,
    ),
    Attribution(
        code="named_other",
        label="Named other",
        definition="A named person outside that body who is placed to know says so: a lawmaker, an affected "
        "government or firm.",
        example="The chair of a House panel saying in May 2025 that the cyber pause lasted one day.",
        rank=4,
        confirms=False,
    ),
    Attribution(
        code="unnamed_sources",
        label="Unnamed sources",
        definition="People who are not named, officials or not.",
        example="A White House official and a US official speaking to NBC News.",
        rank=5,
        on_record=False,
        confirms=False,
    ),
    Attribution(
        code="reporting",
        label="Reporting",
        definition="The publisher says so on its own authority or repeats another publisher.",
        example="A commentary that relies on two other outlets' reports.",
        rank=6,
        on_record=False,
        first_hand=False,
        confirms=False,
    ),
)

EVIDENCE = Codes(
    Code(
        code="official",
        label="Official source",
        definition="At least one supporting source is of an official kind, and we link to it.",
        example="A dissolved unit with the memo attached.",
    ),
    Code(
        code="on_record",
        label="On the record",
        definition="No official source is linked, but a supporting source names and quotes a document, a "
        "court record or a person.",
        example="The memo known through reports that quote it; the aid pause, confirmed by name.",
    ),
    Code(
        code="press_only",
        label="Press only",
        definition="All supporting sources rest on unnamed people or on the publishers themselves.",
        example="The order to Cyber Command on 3 March 2025.",
    ),
)


def usual_status(attribution: str) -> str:
    """The status that follows from how we know: `reported` while nothing confirms the action, else "" (it is open)."""
    known = ATTRIBUTIONS.get(attribution)
    return "reported" if known is not None and not known.confirms else ""
