"""What an entry must satisfy before it is saved (drafts included) and before it is published.

Both return field path -> sentences, so that a form, an importer and a reviewer are told the same thing in the same
words. Paths name the document: "title", "status_history.2.date", "citations.1.source", "relations.1.to".
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db.models import Model

from tracker import codebook, dates, document
from tracker.models import PolicyAction, Source
from tracker.models.fields import (
    clean_text,
    validate_day,
    validate_no_list_separator,
    validate_plain_text,
    validate_public_address,
    validate_slug,
)

Problems = dict[str, list[str]]

_LENGTHS = {"title": 200, "where_it_stands": 120, "actor_office": 200, "date_note": 200, "dispute_note": 200}
_LONGEST_TEXT = 100_000
_LONGEST_SLUG = 100
_LONGEST_ADDRESS = 2000
_OUTSIDE = ("title", "identifier", "url")
_TOLD_BY_NOBODY = frozenset({"reported", "took_place"})


class Context(Protocol):
    """What the checks look things up in: read once for all drafts."""

    actions: dict[str, PolicyAction]
    entry_dates: dict[str, str | None]

    def get(self, model: type[Model], named: Mapping[str, Any] | str | None) -> Any:
        """Return the record that `named` names, or None."""


class Checked(Protocol):
    """The parts of a draft that are checked."""

    @property
    def entry(self) -> Mapping[str, Any]: ...
    @property
    def relations(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def slug(self) -> str | None: ...


def check_entry(draft: Checked, *, context: Context, today: date) -> Problems:
    """Return why `draft` cannot be saved; empty if it can."""
    found: Problems = {}
    for path, sentence in _complaints(draft, context, today):
        found.setdefault(path, []).append(sentence)
    return found


def _complaints(draft: Checked, context: Context, today: date) -> Iterator[tuple[str, str]]:
    entry = draft.entry
    yield from _check_texts(entry)
    yield from _check_terms(entry, context)
    yield from _check_dates(entry, today)
    yield from _check_history(entry, context, today)
    yield from _check_citations(entry, context)
    yield from _check_relations(draft, context)
    if draft.slug is not None:
        yield from _run("slug", validate_slug, draft.slug)
        if len(draft.slug) > _LONGEST_SLUG:
            yield "slug", f"At most {_LONGEST_SLUG} characters; this has {len(draft.slug)}."


def _run(path: str, validator: Any, value: Any) -> Iterator[tuple[str, str]]:
    try:
        validator(value)
    except ValidationError as error:
        yield from ((path, sentence) for sentence in error.messages)


def _check_texts(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not clean_text(entry.get("title") or ""):
        yield "title", "Say in a title what was decided."
    names = ["title", "summary", "where_it_stands", "actor_office", "date_note", "dispute_note"]
    texts = [(name, entry.get(name) or "") for name in names]
    for path, text in texts:
        yield from _check_text(path, text, limit=_LENGTHS.get(path, _LONGEST_TEXT))
        if path in _LENGTHS and len(clean_text(text).splitlines()) > 1:
            yield path, "Keep this on one line."
    for identifier in entry.get("identifiers") or ():
        yield from _check_text("identifiers", identifier)
        yield from _run("identifiers", validate_no_list_separator, identifier)
        if len(clean_text(identifier).splitlines()) > 1:
            yield "identifiers", "One number has one line."
    if entry.get("form") and entry["form"] not in codebook.FORMS:
        yield "form", f"There is no form {entry['form']!r}."
    if entry.get("disputed") and not clean_text(entry.get("dispute_note") or ""):
        yield "dispute_note", "Say who denies what, and when."


def _check_text(path: str, text: str, *, limit: int = _LONGEST_TEXT) -> Iterator[tuple[str, str]]:
    yield from _run(path, validate_plain_text, text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean_text(text)) > limit:
        yield path, f"At most {limit} characters; this has {len(clean_text(text))}."


def _check_terms(entry: Mapping[str, Any], context: Context) -> Iterator[tuple[str, str]]:
    named = [(path, model, entry.get(path)) for path, model in document.TERMS.items()]
    named += [(path, model, term) for path, model in document.TERM_SETS.items() for term in entry.get(path) or ()]
    for path, model, term in named:
        if term and context.get(model, term) is None:
            yield path, f"There is no {model._meta.verbose_name} {document.slug_of(term)!r}."


def _check_dates(entry: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    for path in ("date", "due_date"):
        yield from _check_date(path, entry.get(path))
    verified = entry.get("last_verified")
    try:
        if verified and (day := date.fromisoformat(verified)) > today:
            yield "last_verified", "This day is still to come."
        elif verified:
            yield from _run("last_verified", validate_day, day)
    except ValueError:
        yield "last_verified", f"{verified!r} is not a day; write it like 2025-03-11."


def _check_date(path: str, text: str | None, *, lasting: bool = True) -> Iterator[tuple[str, str]]:
    if not text:
        return
    try:
        when = dates.parse(text)
    except dates.DateError as error:
        yield path, str(error)
        return
    if when.is_lasting and not lasting:
        yield path, "A line of the history may be vague, not lasting: give the day on which it became so."


def _check_history(entry: Mapping[str, Any], context: Context, today: date) -> Iterator[tuple[str, str]]:
    history = entry.get("status_history") or ()
    cited = {document.slug_of(item["source"]) for item in entry.get("citations") or () if item.get("source")}
    for position, line in enumerate(history, start=1):
        path = f"status_history.{position}"
        yield from _check_line(path, line, today)
        source = line.get("source")
        if source and context.get(Source, source) is not None and document.slug_of(source) not in cited:
            yield f"{path}.source", "The source of a line must be cited by the entry."
        if source and context.get(Source, source) is None:
            yield f"{path}.source", f"There is no source {document.slug_of(source)!r}."
    yield from _check_order(history)


def _check_line(path: str, line: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    status, by = line.get("status") or "", line.get("by") or ""
    yield from _check_text(f"{path}.note", line.get("note") or "")
    if status and status not in codebook.STATUSES:
        yield f"{path}.status", f"There is no status {status!r}."
    if not status and not (clean_text(line.get("note") or "") and line.get("source")):
        yield f"{path}.note", "A development without a status needs a note and a source."
    if by and by not in codebook.STATUS_BY:
        yield f"{path}.by", f"{by!r} is not one of {', '.join(codebook.STATUS_BY.codes)}."
    if by and status in _TOLD_BY_NOBODY:
        yield f"{path}.by", f"Leave this blank for {codebook.STATUSES[status].label.lower()}."
    if not line.get("date"):
        yield f"{path}.date", "A line of the history needs a date, however vague."
        return
    faults = list(_check_date(f"{path}.date", line["date"], lasting=False))
    yield from faults
    if not faults and dates.parse(line["date"]).earliest > today:
        yield f"{path}.date", "This day is still to come; a plan belongs into the due date."


def _check_order(history: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Refuse an order of lines that no days could satisfy."""
    try:
        earliest, latest = document.possible_days([line["date"] for line in history])
    except (dates.DateError, KeyError, TypeError, ValueError):
        return  # each line has been told already
    for position, (first, last) in enumerate(zip(earliest, latest, strict=True), start=1):
        if first > last:
            yield (
                f"status_history.{position}.date",
                "No days fit this order: a line above is later than one below.",
            )
            return


def _check_citations(entry: Mapping[str, Any], context: Context) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for position, item in enumerate(entry.get("citations") or (), start=1):
        path = f"citations.{position}"
        yield from _check_citation(path, item, context)
        if item.get("source"):
            if document.slug_of(item["source"]) in seen:
                yield f"{path}.source", "This source is cited above already."
            seen.add(document.slug_of(item["source"]))


def _check_citation(path: str, item: Mapping[str, Any], context: Context) -> Iterator[tuple[str, str]]:
    if not item.get("source"):
        yield f"{path}.source", "Name the source."
    elif context.get(Source, item["source"]) is None:
        yield f"{path}.source", f"There is no source {document.slug_of(item['source'])!r}."
    if item.get("attribution") not in codebook.ATTRIBUTIONS:
        yield f"{path}.attribution", f"Say on whose word: one of {', '.join(codebook.ATTRIBUTIONS.codes)}."
    if (item.get("stance") or "supports") not in codebook.STANCES:
        yield f"{path}.stance", "A source supports or disputes."
    unknown = [code for code in item.get("bears_on") or () if code not in codebook.BEARS_ON]
    if unknown:
        yield f"{path}.bears_on", f"Not one of {', '.join(codebook.BEARS_ON.codes)}: {', '.join(unknown)}."


def _check_relations(draft: Checked, context: Context) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, ...]] = set()
    for position, item in enumerate(draft.relations, start=1):
        path = f"relations.{position}"
        if item.get("kind") not in codebook.RELATION_KINDS:
            yield f"{path}.kind", f"There is no relation {item.get('kind')!r}."
            continue
        yield from _check_text(f"{path}.note", item.get("note") or "")
        if item.get("to"):
            yield from _check_target(path, item, draft, context)
        else:
            yield from _check_outside(path, item)
        same = _identity(item)
        if same in seen:
            yield f"{path}.to", "This relation stands above already."
        seen.add(same)


def _identity(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what makes two relations of one entry the same one: their kind and target."""
    target = (item["to"],) if item.get("to") else tuple(clean_text(item.get(name) or "") for name in _OUTSIDE)
    return (item["kind"], *target)


def _check_target(path: str, item: Mapping[str, Any], draft: Checked, context: Context) -> Iterator[tuple[str, str]]:
    target = item["to"]
    if target == draft.slug:
        yield f"{path}.to", "An entry has no relation to itself."
    elif target not in context.entry_dates:
        yield f"{path}.to", f"There is no entry {target!r}."
    elif item.get("title") or item.get("identifier") or item.get("url"):
        yield f"{path}.title", "Either an entry or something outside the data set, not both."
    elif codebook.RELATION_KINDS[item["kind"]].later_first:
        yield from _check_direction(f"{path}.to", item["kind"], draft.entry.get("date"), context.entry_dates[target])


def _check_direction(path: str, kind: str, own: str | None, other: str | None) -> Iterator[tuple[str, str]]:
    """Refuse a relation whose entry is surely older than its target."""
    try:
        if not (own and other) or dates.parse(own).latest >= dates.parse(other).earliest:
            return
    except (dates.DateError, TypeError):
        return  # the date has been told already
    yield (
        path,
        (
            f"This entry is dated {dates.display(own)}, before that one ({dates.display(other)}), and what "
            f"{codebook.RELATION_KINDS[kind].label.lower()} comes later: did you mean the other way round?"
        ),
    )


def _check_outside(path: str, item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, limit in (("title", 1000), ("identifier", 100)):
        yield from _check_text(f"{path}.{name}", item.get(name) or "", limit=limit)
    if not clean_text(item.get("title") or ""):
        yield f"{path}.to", "Name an entry, or a title with an identifier or an address."
    elif not (item.get("identifier") or item.get("url")):
        yield f"{path}.identifier", "Something outside the data set needs an identifier or an address."
    if url := item.get("url"):
        yield from _run(f"{path}.url", validate_public_address, url)
        if len(url) > _LONGEST_ADDRESS:
            yield f"{path}.url", f"At most {_LONGEST_ADDRESS} characters; this has {len(url)}."


# --- what relations say of histories ---------------------------------------------------------------------------


def is_answered(history: Sequence[Mapping[str, Any]], *, status: str, since: str | None) -> bool:
    """Return whether a history has the line that a relation offers (`status`, "" = one without) since a date.

    The line is there when its status is the present one, or stands in a line that may be as late as `since`.
    """
    said = [line["status"] for line in history if line["status"]]
    if status and said[-1:] == [status]:
        return True
    first_day = dates.parse(since).earliest if since else date.min
    return any((line["status"] or "") == status and dates.parse(line["date"]).latest >= first_day for line in history)


# --- publishing ------------------------------------------------------------------------------------------------


def missing_for_publication(entry: Mapping[str, Any], *, imported: bool) -> Problems:
    """Return what an entry (the document's "entry") lacks before readers may see it; empty if nothing."""
    found: Problems = {}
    supporting = [item for item in entry["citations"] if item["stance"] == "supports"]
    needed = {
        "status_history": (entry["derived"]["status"], "At least one line of the history needs a status."),
        "citations": (supporting, "At least one source must support it."),
        "agency": (entry["agency"], 'Name the agency; if no body is known, choose "Not known".'),
        "date": (entry["date"], "Give the date, however vague."),
        "actor": (
            entry["actor"] or imported,
            'Name the actor; if the sources name nobody, choose "Not named".',
        ),
        "where_it_stands": (entry["where_it_stands"] or imported, "Say in one sentence where it stands."),
        "category": (entry["category"] or imported, "Choose what the action does."),
    }
    for path, (value, sentence) in needed.items():
        if not value:
            found[path] = [sentence]
    if entry["disputed"] and len(supporting) == len(entry["citations"]):
        found["disputed"] = ["Cite the denial: a source that disputes it."]
    return found
