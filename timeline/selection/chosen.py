"""The selection itself: the checked query string, its rows, its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline.search.matching import Relevance
from timeline.selection.addresses import as_query, canonical
from timeline.selection.chips import Chip, chips, label
from timeline.selection.cursors import Cursor
from timeline.selection.filters import ActionFilterSet
from timeline.selection.reading import Reading, Surface, Unknown, read
from timeline.terms import Vocabulary
from tracker import codebook, columns
from tracker.models.ledger import Edition, PublishedAction, PublishedActionQuerySet

PER_PAGE = 50
# Names of one kind of rendering, and names that do not leave any row out.
_RENDERING = frozenset(name for name in codebook.PARAMETERS if codebook.PARAMETERS[name].only_on)
_NARROWING = frozenset(codebook.PARAMETERS) - _RENDERING - {"dates", "as_of", "sort"}


@dataclass(frozen=True)
class Selection:
    """One query string on one surface, read against one edition.

    `errors` (name -> sentences) non-empty means: answer 400 and show no rows. `typed` holds what was typed, for
    the form; `values` what was accepted, by parameter name. `unknown` names are to be told on pages. `within` is
    what the page says itself: the page of an agency is the selection of that agency, whatever else is asked.
    """

    reading: Reading
    filterset: ActionFilterSet
    surface: Surface
    within: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(
        cls, query: QueryDict | str, *, surface: Surface, today: date, within: Mapping[str, str] | None = None
    ) -> Selection:
        """Read a query string; never raises on what was typed.

        `today` is the UTC day: a day in `as_of` or `changed_since` must be over. One query for the newest edition
        and one for its terms unless they are cached; later one more for an older edition, and one for a day.
        """
        reading = read(query, surface=surface, within=within)
        sound = {name: texts for name, texts in reading.texts.items() if name not in reading.errors}
        filterset = ActionFilterSet(sound, newest=Edition.objects.newest(), today=today)
        return cls(reading=reading, filterset=filterset, surface=surface, within=within or {})

    # --- what was asked ----------------------------------------------------------------------------------------

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """Why this is no selection, by parameter name in table order; unknown names of data surfaces first."""
        found = self.reading.errors | self.filterset.problems | self._column_errors()
        order = list(codebook.PARAMETERS)
        return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else -1))

    def _column_errors(self) -> dict[str, list[str]]:
        """Refuse columns that came after the edition served."""
        late = [name for name in self.columns or () if name not in self.all_columns]
        told = _("Edition %(number)s has no column “%(name)s”.")
        return {"columns": [told % {"number": self.number, "name": late[0]}]} if late else {}

    @property
    def typed(self) -> dict[str, list[str]]:
        """What was typed under known names, untouched but without blanks: for the form."""
        return self.reading.typed

    @property
    def unknown(self) -> list[Unknown]:
        """Names that this surface does not know (on pages: tracking names left out)."""
        return self.reading.unknown

    @property
    def corrected(self) -> str:
        """The canonical query with every unknown name set right or left out."""
        return self.reading.corrected

    @property
    def values(self) -> dict[str, Any]:
        """The accepted values by parameter name: text, days, numbers, tuples for what may be repeated."""
        return self.filterset.values

    # --- the edition -------------------------------------------------------------------------------------------

    @property
    def edition(self) -> Edition | None:
        """The edition served; None before the first (`as_of=0`, or nothing published)."""
        return self.filterset.edition

    @property
    def number(self) -> int:
        """Its number; 0 before the first."""
        return self.edition.number if self.edition else 0

    @property
    def newest(self) -> int:
        """The number of the newest edition."""
        return self.filterset.newest_number

    @property
    def newest_edition(self) -> Edition | None:
        """The newest edition."""
        return self.filterset.newest

    @property
    def vocabulary(self) -> Vocabulary:
        """The terms as of the edition served."""
        return self.filterset.vocabulary

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The public columns that the edition served has, in order."""
        count = self.edition.columns if self.edition else len(columns.COLUMNS)
        return tuple(column.name for column in columns.COLUMNS[:count])

    # --- its rows ----------------------------------------------------------------------------------------------

    def rows(self) -> PublishedActionQuerySet:
        """Return the rows in order; none when there are errors."""
        return self.ordered(self.narrowed())

    def ordered(self, rows: PublishedActionQuerySet) -> PublishedActionQuerySet:
        """Return `rows` in the order asked for."""
        if self.is_by_relevance:
            rows = rows.annotate(relevance=Relevance(self.values["q"]))
        return rows.order_by(self.sort_key, "projection__slug")

    def narrowed(self, *, ignoring: str = "", **instead: Any) -> PublishedActionQuerySet:
        """Return the rows without order; `ignoring` one dimension or "range", or with other values `instead`."""
        if self.errors:
            return PublishedAction.objects.none()
        return self.filterset.narrow(ignoring=ignoring, **instead)

    def unfiltered(self) -> PublishedActionQuerySet:
        """Return all rows of the edition served, without order."""
        return PublishedAction.objects.as_of(self.number)

    def names_entry(self, field: str) -> Q:
        """Return the condition that `field`, a slug, names an entry selected, or retracted after it last was."""
        return self.filterset.names_entry(field)

    @property
    def since(self) -> int:
        """The edition behind which changes are asked for; 0 when all are."""
        return self.values.get("since") or 0

    @property
    def is_filtered(self) -> bool:
        """Whether a parameter leaves rows out. `as_of` does not: it shows the whole of an edition."""
        return any(name in _NARROWING for name in self.texts)

    @property
    def sort(self) -> str:
        """The order asked for."""
        return self.values.get("sort") or "newest"

    @property
    def is_by_relevance(self) -> bool:
        """Whether rows are ordered by how well they fit `q`. Their sort keys are computed, not stored."""
        return self.sort == "relevance" and not self.errors

    @property
    def order(self) -> str:
        """The stored sort key that serves `sort`; by relevance, the one that parts what fits equally well."""
        return "newest" if self.sort == "relevance" else self.sort

    @property
    def sort_key(self) -> str:
        """The field of `rows()` by which they are in order, ascending; slugs part what is equal."""
        return "relevance" if self.is_by_relevance else f"projection__{self.order}"

    # --- how it is rendered ------------------------------------------------------------------------------------

    @property
    def view(self) -> str:
        """How the list is drawn: "tracks", or "" for detail."""
        return self.values.get("view") or ""

    @property
    def theme(self) -> str:
        """The colours of a frame on another site: "light", "dark", or "" for those of the reader's device."""
        return self.values.get("theme") or ""

    @property
    def page(self) -> int:
        """The page asked for; below 1 (or past the last) the answer is 404."""
        page = self.values.get("page")
        return 1 if page is None else int(page)

    @property
    def per_page(self) -> int:
        """Entries on a page."""
        return self.values.get("per_page") or PER_PAGE

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The columns wanted, in order; None is all."""
        return self.values.get("columns")

    @property
    def has_bom(self) -> bool:
        """Whether the file is to begin with a byte order mark."""
        return bool(self.values.get("bom"))

    @property
    def is_raw(self) -> bool:
        """Whether cells are wanted without their guard against formulas."""
        return bool(self.values.get("raw"))

    @property
    def cursor(self) -> Cursor | None:
        """Where the page of the API begins; None is the beginning."""
        return self.values.get("cursor")

    @property
    def limit(self) -> int:
        """Items in one answer of the API."""
        return self.values.get("limit") or PER_PAGE

    # --- its address -------------------------------------------------------------------------------------------

    @cached_property
    def texts(self) -> dict[str, tuple[str, ...]]:
        """The canonical texts by name, in table order, whether accepted or not."""
        return self.reading.texts

    def query(self, **changes: str | int | Sequence[str] | None) -> str:
        """Return the canonical query string without "?", with these names changed (None: left out).

        Another filter means another first page: `page` and `cursor` are dropped unless they are what changes.
        """
        texts: dict[str, Sequence[str]] = dict(self.texts)
        if changes:
            texts.pop("page", None)
            texts.pop("cursor", None)
        for name, value in changes.items():
            texts[name] = _texts_of(value)
        return as_query(canonical(texts))

    def without(self, name: str, value: str | None = None) -> str:
        """Return the canonical query without `name`, or without this one of its values."""
        left = [text for text in self.texts.get(name, ()) if value is not None and text != value]
        return self.query(**{name: left})

    def own(self, query: str) -> str:
        """Return a canonical query without what the page says itself: for links to this very page."""
        return as_query({name: texts for name, texts in QueryDict(query).lists() if name not in self.within})

    @property
    def data_query(self) -> str:
        """The canonical query for files and feeds: what belongs to one kind of rendering is left out."""
        return self.query(**dict.fromkeys(_RENDERING))

    @property
    def feed_query(self) -> str:
        """The same for what readers subscribe to: it follows the newest edition, in an order of its own."""
        return self.query(**dict.fromkeys(_RENDERING), sort=None, as_of=None)

    @property
    def pinned_query(self) -> str:
        """The same, pinned to the edition served: what is cited can be fetched again."""
        return self.query(**dict.fromkeys(_RENDERING), as_of=self.number)

    def label(self, name: str, value: str) -> str:
        """Return how a value is printed: a term's name, a code's label, a day in words."""
        return label(name, value, self.vocabulary)

    def chips(self) -> list[Chip]:
        """Return a chip for each chosen value, in table order."""
        return chips(self)


def _texts_of(value: str | int | Sequence[str] | None) -> Sequence[str]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (str(value),)
