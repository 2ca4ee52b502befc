"""On what paper, or how, an action was done (form)."""

from __future__ import annotations

from tracker.codebook.codes import Code, Codes

FORMS = Codes(
    Code(
        code="executive_order",
        label="Executive order",
        definition="A numbered executive order.",
        example="EO 13716 of 16 Jan 2016",
        illustrative=True,
    ),
    Code(
        code="proclamation",
        label="Proclamation",
        definition="A numbered proclamation.",
        example="Proclamation 9645",
        illustrative=True,
    ),
    Code(
        code="presidential_memo",
        label="Presidential memo",
        definition="A memorandum or other signed document of the president without such a number.",
        example="A memorandum to the heads of departments",
    ),
    Code(
        code="agency_memo",
        label="Agency memo",
        definition="A written directive, memo, letter or guidance of a department or agency.",
        example="The attorney general's memos of 5 Feb 2025",
    ),
    Code(
        code="proposed_rule",
        label="Proposed rule",
        definition="A proposed rule or advance notice.",
        example="A notice of proposed rulemaking",
    ),
    Code(
        code="final_rule",
        label="Final rule",
        definition="A final, interim or direct final rule.",
        example="A rule in the Federal Register",
    ),
    Code(
        code="notice",
        label="Notice",
        definition="Any other document published in an official gazette.",
        example="Continuation of an emergency",
    ),
    Code(code="law", label="Law", definition="A bill, act or resolution.", example="A joint resolution"),
    Code(code="vote", label="Vote", definition="A vote as such.", example="A vote in the General Assembly"),
    Code(
        code="agreement_text",
        label="Agreement text",
        definition="A signed text between governments.",
        example="A joint statement; a treaty",
    ),
    Code(code="meeting", label="Meeting", definition="A meeting, visit or call.", example="Talks in Riyadh"),
    Code(
        code="public_statement",
        label="Public statement",
        definition="A decision made known only by a statement, post or briefing.",
        example="A pause announced at a briefing",
    ),
    Code(
        code="unpublished_order",
        label="Unpublished order",
        definition="An order that is not public.",
        example="The reported order to Cyber Command",
    ),
    Code(
        code="not_known",
        label="Not known",
        definition="The sources do not say.",
        example="Web pages vanish and nobody says on whose order",
    ),
)
