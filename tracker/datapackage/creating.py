"""Creating the terms and sources that a package brings, in bulk, with the first line of their history."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User

from tracker.datapackage.vocabulary import REFERENCES, Vocabulary, build_source, build_term
from tracker.datapackage.words import MODELS, TermDocument
from tracker.models import AffectedParty, Publisher, Source
from tracker.models.vocabulary import Term

_BATCH = 500
TermKey = tuple[str, str]
WriteHistory = Callable[[type[Any], list[Any]], None]


def create_words(vocabulary: Vocabulary, *, by: User | None, at: datetime, reason: str) -> None:
    """Create what the plan found missing. A fixed number of queries for each 500, and two for a group's members.

    Raises IntegrityError when somebody created one of them meanwhile.
    """
    write_history = partial(_write_history, by=by, at=at, reason=reason)
    _create_terms(vocabulary.terms, write_history)
    _create_sources(vocabulary.sources, write_history)


def _write_history(model: type[Any], created: list[Any], *, by: User | None, at: datetime, reason: str) -> None:
    model.history.bulk_history_create(
        created, batch_size=_BATCH, default_user=by, default_change_reason=reason, default_date=at
    )


def _create_terms(terms: list[tuple[str, TermDocument]], write_history: WriteHistory) -> None:
    """Create every row first and set what it refers to then: parents and countries may come in any order."""
    built: dict[TermKey, Term] = {(kind, term["slug"]): build_term(kind, term) for kind, term in terms}
    for kind, model in MODELS.items():
        model._default_manager.bulk_create(_of_kind(built, kind), batch_size=_BATCH)
    known = {key: term.pk for key, term in built.items()} | _saved(terms, built)
    for kind, term in terms:
        for name in REFERENCES[kind]:
            if name != "members" and term[name]:
                setattr(built[kind, term["slug"]], f"{name}_id", known[REFERENCES[kind][name], term[name]])
    for kind, model in MODELS.items():
        created = _of_kind(built, kind)
        names = [name for name in REFERENCES[kind] if name != "members"]
        if created and names:
            model._default_manager.bulk_update(created, names, batch_size=_BATCH)
        write_history(model, created)
    _set_members(terms, built, known)


def _of_kind(built: dict[TermKey, Term], kind: str) -> list[Any]:
    return [term for key, term in built.items() if key[0] == kind]


def _saved(terms: Iterable[tuple[str, TermDocument]], built: dict[TermKey, Term]) -> dict[TermKey, int]:
    """Return the keys of the terms that new ones refer to and that the record had before."""
    wanted: dict[str, set[str]] = {}
    for kind, term in terms:
        for name, target in REFERENCES[kind].items():
            slugs = term[name] if isinstance(term[name], list) else [term[name]]
            wanted.setdefault(target, set()).update(slug for slug in slugs if slug and (target, slug) not in built)
    return {(kind, slug): pk for kind, slugs in wanted.items() for slug, pk in _pks(MODELS[kind], slugs)}


def _pks(model: type[Any], slugs: Iterable[str]) -> Iterable[tuple[str, int]]:
    ordered = sorted(slugs)
    for start in range(0, len(ordered), _BATCH):
        found = model._default_manager.filter(slug__in=ordered[start : start + _BATCH])
        yield from found.values_list("slug", "pk")


def _set_members(
    terms: Iterable[tuple[str, TermDocument]], built: dict[TermKey, Term], known: dict[TermKey, int]
) -> None:
    """Fill the groups one by one: their history notes each set of members."""
    for kind, term in terms:
        group = built[kind, term["slug"]]
        if isinstance(group, AffectedParty) and term["members"]:
            group.members.set([known["party", slug] for slug in term["members"]])


def _create_sources(sources: list[dict[str, Any]], write_history: WriteHistory) -> None:
    publishers = {
        source[name]["slug"] for source in sources for name in ("publisher", "republished_by") if source[name]
    }
    known = dict(_pks(Publisher, publishers))
    created = [build_source(source) for source in sources]
    for source, row in zip(sources, created, strict=True):
        row.publisher_id = known[source["publisher"]["slug"]]
        row.republished_by_id = known[source["republished_by"]["slug"]] if source["republished_by"] else None
    Source.objects.bulk_create(created, batch_size=_BATCH)
    write_history(Source, created)
