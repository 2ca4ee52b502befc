"""The texts that come with a site, so that a fresh one has something true to say about itself.

Neutral on purpose: they describe what the software does and leave out what only the people who run the site can
say. Translated as whole texts; an editor's own wording takes their place.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

_OURS = "en"


@dataclass(frozen=True)
class Shipped:
    """A text of ours: its title, and its Markdown in English, which is also its key in the catalogues."""

    title: str | Promise
    english: str

    @property
    def body(self) -> str:
        """The text in the language of the request if somebody translated it."""
        return gettext(self.english)

    @property
    def lang(self) -> str:
        """The language that `body` is in."""
        return _OURS if self.body == self.english else get_language() or _OURS


ABOUT = "about"
SHIPPED = {
    "inclusion": Shipped(
        _("What is included"),
        gettext_noop(
            "We record decisions of governments: an order, a memo, a rule, a cut, a grant, a sanction, an appointment,"
            " a vote, a meeting between governments. One decision about one thing is one entry.\n\n"
            "A decision that is known from the press alone is included when at least one publisher says as a fact"
            " that it was taken. Such an entry says so in its status and in its evidence.\n\n"
            "What later becomes of a decision, such as a court order or a reversal, is added to the history of its"
            " entry. It gets an entry of its own when it decides something new."
        ),
    ),
    "exclusions": Shipped(
        _("What is left out"),
        gettext_noop(
            "We leave out words that order nothing: opinions, threats, forecasts, plans that are only being"
            " considered. We also leave out polls, comments by others and court cases as such.\n\n"
            "A denial does not remove an entry. It is recorded there as a dispute, with its source."
        ),
    ),
    "dates": Shipped(
        _("How precise dates are"),
        gettext_noop(
            "A date is never made more precise than its sources are. Where only the month is known, the entry gives"
            " the month and says that the day is not known; where the day lies between two days, it gives both.\n\n"
            "Filters count a vague date wherever it may fall. Choose *certain* to see only what surely lies within"
            " your dates. When sources disagree, the entry has a note that names who says what."
        ),
    ),
    "official": Shipped(
        _("What counts as official"),
        gettext_noop(
            "A source is official when it comes from the body that acted or from a court: a signed document, a"
            " register, a record of a vote, a judgment, a statement on the body's own site.\n\n"
            "The word of an official quoted in the press is not an official source, however senior they are. It counts"
            " as *on record* if they are named. Every source of an entry is listed with its kind, so that you can"
            " judge for yourself."
        ),
    ),
    "corrections": Shipped(
        _("How we correct"),
        gettext_noop(
            "When we were wrong we change the entry and say what was wrong, on the entry and in the list of"
            " corrections. When the world has moved on, that is an update and not a correction.\n\n"
            "Nothing published is deleted. Earlier versions stay readable and can be cited; an entry that should not"
            " stand is retracted, and a note with the reason stays in its place. Only where the law requires it is"
            " text removed from earlier versions too, and even then it stays visible that this was done."
        ),
    ),
    "conflicts": Shipped(
        _("Conflicts of interest"),
        gettext_noop(
            "Nobody should write or publish an entry about a decision in which they, their family or their employer"
            " have a stake. Whoever finds themselves in that position leaves the entry to somebody else.\n\n"
            "No one outside the editorial team sees an entry before it is published, and no one can pay for an entry,"
            " a wording or a place in the list."
        ),
    ),
    "editors": Shipped(
        _("Who edits"),
        gettext_noop(
            "Editors write entries from sources that are named in each of them. Reviewers read them and publish"
            " them.\n\n"
            "Every publication has a number, a time and a note, and lists each entry that changed. The people who"
            " run this site can introduce themselves here."
        ),
    ),
    "privacy": Shipped(
        _("Privacy"),
        gettext_noop(
            "You can read, search and download everything without an account. The public pages set no cookies, load"
            " nothing from other sites and do not follow you.\n\n"
            "What you search for is part of the address of the page, so that you can share it. Like any web server,"
            " ours may note the address of a visitor and the page asked for, to keep the site working. Editors sign"
            " in, and for them alone there is a cookie."
        ),
    ),
    ABOUT: Shipped(
        _("About"),
        gettext_noop(
            "This site keeps a public record of what governments decide and of what becomes of it. Each entry says"
            " what was decided, by whom, where it stands now and which sources say so.\n\n"
            "The timeline can be filtered by date, status, agency, topic and more. Whatever you see can be taken"
            " along as a file, followed as a feed and cited; a citation keeps leading to what it cited, even after"
            " the entry has changed.\n\n"
            "How we work, and what every word means, is described under *Method*. All files are under *Data*."
        ),
    ),
}
SLUGS = tuple(SHIPPED)
