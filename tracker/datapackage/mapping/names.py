"""Names of a stranger's table -> terms: by code, key, name, alias or abbreviation, and by what they belong to.

Terms that nobody knows are created, queued or refused, as the mapping says. Nothing of the record is changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from tracker.columns import FILES_BY_NAME
from tracker.datapackage.read import Package, Row
from tracker.datapackage.vocabulary import TERMS
from tracker.datapackage.words import TermDocument, Words
from tracker.models.keyed import numbered
from tracker.models.vocabulary import name_key

Key = tuple[str, str]


@dataclass(frozen=True)
class Name:
    """A name as the table has it. `code` becomes an alias of a term that is created, so that it is found by it."""

    kind: str
    text: str
    parent: str = ""
    abbreviation: str = ""
    code: str = ""


class UnknownNameError(LookupError):
    """A name that stands for no term here; the sentence says so."""


@dataclass
class Names:
    """Resolves names, and notes the terms that are to be created in the package."""

    package: Package
    words: Words = field(default_factory=lambda: Words({}))
    _new: dict[Key, TermDocument] = field(default_factory=dict)  # by kind and name
    _slugs: set[Key] = field(default_factory=set)
    _found: dict[Name, TermDocument] = field(default_factory=dict)
    _abbreviated: dict[str, TermDocument] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shared: set[str] = set()
        for term in self.words.record["agency"].by_slug.values():
            key = name_key(term["abbreviation"] or "")
            shared |= {key} if key in self._abbreviated else set()
            self._abbreviated[key] = term
        for key in {*shared, ""}:
            self._abbreviated.pop(key, None)

    def term(self, name: Name, *, unknown: str, number: int) -> TermDocument:
        """Return the term of a name, with `unknown` "create" a new one. Raises UnknownNameError."""
        if name not in self._found:
            found = self._search(name)
            if found is None and unknown != "create":
                raise UnknownNameError(f"There is no {name.kind} called {_said(name)!r} here.")
            self._found[name] = found or self._create(name, number)
        return self._found[name]

    def _search(self, name: Name) -> TermDocument | None:
        parent = self._parent(name)
        return next((term for term in self._candidates(name, parent) if self._fits(term, name, parent)), None)

    def _parent(self, name: Name) -> TermDocument | None:
        """Return what the name belongs to, None when that is not given, unknown, or the body itself."""
        if not name.parent or name_key(name.parent) == name_key(name.text):
            return None
        return self._search(Name(name.kind, name.parent))

    def _candidates(self, name: Name, parent: TermDocument | None) -> Iterator[TermDocument]:
        shelf = self.words.record[name.kind]
        texts = [name.code] if name.code else []
        texts += [f"{name.text} ({parent['name']})"] if parent else []
        for text in [*texts, name.text]:
            if text in shelf.by_slug:
                yield shelf.by_slug[text]
            if found := shelf.named(text) or self._new.get((name.kind, name_key(text))):
                yield found
        if name.kind == "agency":
            for text in (name.text, name.abbreviation):
                if found := self._abbreviated.get(name_key(text)):
                    yield found

    def _fits(self, term: TermDocument, name: Name, parent: TermDocument | None) -> bool:
        """Return whether a term is the body meant: one of this name in another department is another body."""
        if name.code and name_key(name.code) in {name_key(alias) for alias in term["aliases"]}:
            return True
        if not name.parent or name_key(name.parent) == name_key(name.text):
            return True
        above = list(self._above(term))
        return (parent is not None and parent["slug"] in above) or (not above and parent is None)

    def _above(self, term: TermDocument) -> Iterator[str]:
        """Yield the keys of the bodies above one."""
        shelf, seen = self.words.record["agency"].by_slug, set()
        slug = term["parent"]
        while slug and slug not in seen:
            yield slug
            seen.add(slug)
            above = shelf.get(slug) or next((t for (k, _), t in self._new.items() if t["slug"] == slug), None)
            slug = above["parent"] if above else None

    # --- new terms ---------------------------------------------------------------------------------------------

    def _create(self, name: Name, number: int) -> TermDocument:
        has_parent = name.parent and name_key(name.parent) != name_key(name.text)
        parent = None
        if has_parent:
            parent = self._parent(name) or self._create(Name(name.kind, name.parent), number)
        text = name.text
        if parent and self._is_taken(name.kind, text):
            text = f"{text} ({parent['name']})"
        if self._is_taken(name.kind, text):
            raise UnknownNameError(f"There is another {name.kind} called {text!r}: tell them apart in the mapping.")
        aliases = [alias for alias in (name.code, name.text) if alias and name_key(alias) != name_key(text)]
        aliases = aliases if text == name.text else [alias for alias in aliases if alias == name.code]
        term: dict[str, Any] = {
            "slug": self._slug(name.kind, text),
            "name": text,
            "aliases": aliases,
            "abbreviation": name.abbreviation or None,
            "parent": parent and parent["slug"],
        }
        self._new[name.kind, name_key(text)] = term
        if name.code:
            self._new.setdefault((name.kind, name_key(name.code)), term)
        self._note(name.kind, term, number)
        return term

    def _is_taken(self, kind: str, text: str) -> bool:
        key = name_key(text)
        return key in self.words.record[kind].by_name or (kind, key) in self._new

    def _slug(self, kind: str, text: str) -> str:
        stem = slugify(text).replace("_", "-")[:80].strip("-") or kind
        known = self.words.record[kind].by_slug
        slug = next(each for each in numbered(stem) if each not in known and (kind, each) not in self._slugs)
        self._slugs.add((kind, slug))
        return slug

    def _note(self, kind: str, term: TermDocument, number: int) -> None:
        cells = dict.fromkeys(FILES_BY_NAME[TERMS].columns, "")
        cells |= {"kind": kind, "slug": term["slug"], "name": term["name"], "aliases": "; ".join(term["aliases"])}
        if kind == "agency":
            cells |= {"abbreviation": term["abbreviation"] or "", "parent_slug": term["parent"] or ""}
        if kind == "party":
            cells["party_kind"] = "group"
        self.package.tables[TERMS].append(Row(number, cells))


def _said(name: Name) -> str:
    return f"{name.text} ({name.parent})" if name.parent else name.text
