"""What an action does (category).

Categories are loaded into the database from here once, by the fixtures; after that editors own them.
"""

from __future__ import annotations

from tracker.codebook.codes import Code, Codes

# Stands for "no category yet" in an address and in the counts; never the slug of a category.
NOT_CODED = "not-coded"

CATEGORIES = Codes(
    Code(
        code="aid-pause",
        label="Aid paused or cut",
        definition="Stops, holds back or reduces money, goods or services given to another government or to "
        "people abroad.",
        example="Military aid to Ukraine paused for review, 3 March 2025.",
    ),
    Code(
        code="aid-grant",
        label="Aid given or resumed",
        definition="Gives, increases or restarts such aid.",
        example="A new package of weapons for an ally is approved.",
    ),
    Code(
        code="funding-freeze",
        label="Domestic funding frozen or cut",
        definition="Stops, holds back or reduces grants, loans, contracts or programme money at home.",
        example="A department stops paying out a research grant programme.",
    ),
    Code(
        code="funding-grant",
        label="Domestic funding given or resumed",
        definition="Gives, increases or restarts such money.",
        example="Frozen disaster grants are released.",
    ),
    Code(
        code="sanctions-imposed",
        label="Sanctions imposed",
        definition="Puts a person, firm, vessel or state on a sanctions list, or tightens such measures.",
        example="A bank is added to the sanctions list.",
    ),
    Code(
        code="sanctions-eased",
        label="Sanctions eased",
        definition="Takes someone off such a list, licenses what was forbidden, or stops enforcing it.",
        example="A general licence permits trade with a sanctioned state.",
    ),
    Code(
        code="trade-measure",
        label="Trade measure",
        definition="Sets, changes or lifts tariffs, quotas or export controls.",
        example="Tariffs on most imports ordered on 2 April 2025 (EO 14257).",
        illustrative=True,
    ),
    Code(
        code="military-action",
        label="Military action or deployment",
        definition="Uses, moves or withdraws armed forces.",
        example="A carrier group is sent; troops leave a base.",
    ),
    Code(
        code="cyber-intelligence-order",
        label="Cyber or intelligence order",
        definition="Starts, limits or stops cyber, information or intelligence work, or the sharing of intelligence.",
        example="Cyber Command told to stop offensive operations; intelligence sharing with Ukraine paused.",
    ),
    Code(
        code="unit-closure",
        label="Unit closed or cut back",
        definition="Ends or shrinks a task force, office, agency or standing programme.",
        example="Task Force KleptoCapture disbanded, 5 Feb 2025.",
    ),
    Code(
        code="unit-change",
        label="Unit created, renamed or moved",
        definition="Sets up a unit, renames it, merges it or puts it under another body.",
        example="US Digital Service renamed and moved under the Executive Office, 20 Jan 2025.",
        illustrative=True,
    ),
    Code(
        code="enforcement-change",
        label="Enforcement changed",
        definition="Changes whom or what an authority investigates, prosecutes, inspects or polices, without "
        "closing a unit.",
        example="Criminal charges under the foreign-agents law limited, 5 Feb 2025.",
        illustrative=True,
    ),
    Code(
        code="rule",
        label="Rule or regulation",
        definition="Proposes, makes, delays, changes or repeals a regulation by the rule-making procedure.",
        example="An agency publishes a final rule in the Federal Register.",
    ),
    Code(
        code="immigration-measure",
        label="Entry or immigration measure",
        definition="Changes who may enter, stay, work or become a citizen.",
        example="Entry limits of Proclamation 9645, 24 Sept 2017.",
        illustrative=True,
    ),
    Code(
        code="emergency",
        label="Emergency declared, prolonged or ended",
        definition="Declares, prolongs or ends a state of emergency in law.",
        example="A national emergency is continued for a year.",
    ),
    Code(
        code="appointment",
        label="Appointment",
        definition="Puts a person into office, or nominates or confirms one.",
        example="A senator is confirmed as secretary.",
    ),
    Code(
        code="dismissal",
        label="Dismissal or staff cut",
        definition="Removes an official or cuts staff.",
        example="Probationary employees dismissed from 13 Feb 2025.",
        illustrative=True,
    ),
    Code(
        code="clemency",
        label="Pardon or clemency",
        definition="Pardons, commutes or drops a punishment.",
        example="A sentence is commuted.",
    ),
    Code(
        code="talks",
        label="Talks or meeting",
        definition="Officials of governments meet, call or negotiate.",
        example="US and Russian delegations meet in Riyadh, 18 Feb 2025.",
    ),
    Code(
        code="agreement",
        label="Agreement",
        definition="Signs, joins, ratifies or renews an agreement.",
        example="Two states sign an agreement on minerals.",
    ),
    Code(
        code="withdrawal",
        label="Withdrawal",
        definition="Leaves an agreement, a body or a joint undertaking.",
        example="Notice is given to leave an international organisation.",
    ),
    Code(
        code="vote-or-law",
        label="Vote or law",
        definition="A legislature or international body votes, or a bill is signed or vetoed.",
        example="A state votes against a resolution in the General Assembly.",
    ),
    Code(
        code="information",
        label="Information withheld or released",
        definition="Takes down, withholds, declassifies or publishes government information.",
        example="An agency takes a public data set offline.",
    ),
    Code(
        code="general-directive",
        label="General directive",
        definition="Sets policy or tells agencies to act, and none of the above names what it does.",
        example="Expanding apprenticeships, 15 June 2017 (EO 13801).",
        illustrative=True,
    ),
    Code(
        code="other",
        label="Other",
        definition="None of the above; the note to the reviewer says why. More than 5 in 100 means that the "
        "list needs a new category.",
        example="The boundaries of a protected area are redrawn.",
    ),
)
