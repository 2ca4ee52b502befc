"""Which bodies and countries of a list the record lacks, as a package of terms. Reads each kind of term once."""

from collections.abc import Sequence

from tracker.columns import FILES, FILES_BY_NAME
from tracker.datapackage.read import OPTIONAL, Package, Row
from tracker.datapackage.reference.lists import Body, Country
from tracker.datapackage.vocabulary import TERMS
from tracker.datapackage.words import Shelf, Words
from tracker.models import AffectedParty
from tracker.models.keyed import numbered
from tracker.models.vocabulary import name_key
from tracker.record import stem_of

_COUNTRY = "united-states"


def missing_bodies(bodies: Sequence[Body], *, name: str) -> Package:
    """Return the bodies that the record knows under none of their names, with their parents and the country."""
    package, words = _empty(name), Words({})
    slugs = _slugs(bodies, words.record["agency"])
    country = _COUNTRY if words.term("party", slug=_COUNTRY) else ""
    for body in bodies:
        if _known(words.record["agency"], body):
            continue
        slug = slugs[name_key(body.name)]
        parent = slugs.get(name_key(body.parent), "") or _slug_of(words.record["agency"], body.parent)
        cells = {"kind": "agency", "slug": slug, "name": body.name, "abbreviation": body.abbreviation}
        cells |= {"parent_slug": "" if parent == slug else parent, "country_slug": country}
        package.tables[TERMS].append(_row(body.row, aliases="; ".join(_free(words.record["agency"], body)), **cells))
    return package


def missing_countries(countries: Sequence[Country], *, name: str) -> Package:
    """Return the countries whose code no party has, and whose names no party has either."""
    package, words = _empty(name), Words({})
    shelf = words.record["party"]
    codes = set(AffectedParty.objects.exclude(iso_3166_1_alpha_3="").values_list("iso_3166_1_alpha_3", flat=True))
    for each in countries:
        if each.alpha_3 in codes or any(shelf.named(known) for known in (each.name, *each.aliases)):
            continue
        slug = next(slug for slug in numbered(stem_of(each.name)) if slug not in shelf.by_slug)
        cells = {"kind": "party", "slug": slug, "name": each.name, "party_kind": "state"}
        row = _row(each.row, iso_3166_1_alpha_3=each.alpha_3, aliases="; ".join(each.aliases), **cells)
        package.tables[TERMS].append(row)
    return package


def _empty(name: str) -> Package:
    return Package(name, {file.name: [] for file in FILES if file.name not in OPTIONAL})


def _row(number: int, **cells: str) -> Row:
    return Row(number, dict.fromkeys(FILES_BY_NAME[TERMS].columns, "") | cells)


def _known(shelf: Shelf, body: Body) -> str:
    """Return the slug under which the record has a body, by its name or another; "" if it has not."""
    return next((slug for name in (body.name, *body.aliases) if (slug := _slug_of(shelf, name))), "")


def _slug_of(shelf: Shelf, name: str) -> str:
    term = shelf.named(name) if name else None
    return str(term["slug"]) if term else ""


def _free(shelf: Shelf, body: Body) -> list[str]:
    return [alias for alias in body.aliases if ";" not in alias and not shelf.named(alias)]


def _slugs(bodies: Sequence[Body], shelf: Shelf) -> dict[str, str]:
    """Return the slug of each body by the key of its name: the record's, or one that no body has."""
    taken, found = set(shelf.by_slug), dict[str, str]()
    for body in bodies:
        slug = _known(shelf, body) or next(slug for slug in numbered(stem_of(body.name)) if slug not in taken)
        taken.add(slug)
        found[name_key(body.name)] = slug
    return found
