"""The ledger: what readers see, written once at publication and never changed.

For readers' code this is the only door to the data. Three kinds of sealed rows (actions, terms, relations) stand
under numbered editions; projections serve WHERE, ORDER BY and counting and can be rebuilt. Nothing here relates to
the record: rows are keyed by slug.
"""

from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, TextField
from django.dispatch import Signal

# Sent by publishing inside its transaction, with `edition` (the Edition just written).
edition_published = Signal()

# Sent by a redaction inside its transaction, with `rows`: the ids of the public rows whose text is gone.
rows_redacted = Signal()

NEVER = 2**31 - 1
"""The `superseded_in` of a projection whose row still stands."""


class SealedError(Exception):
    """A sealed row was asked to change or go."""


class Stored(Func):
    """The text at `path` of a record, such as ("term", "kind"); null where it has none or was redacted.

    The database itself reads the JSON, some 3 µs a row: for few rows, or where an index holds it.
    """

    output_field = TextField()
    arity = 1
    shown = "%s"

    def __init__(self, expression: Any, *, path: tuple[str, ...], **extra: Any) -> None:
        super().__init__(expression, **extra)
        self.path = tuple(path)

    # A redacted record is empty text, which is no JSON: NULLIF makes it null before it is read. Nothing here is a
    # parameter: an index is used only by the very expression that made it.
    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Return the value by SQLite's JSON functions."""
        value = f"json_extract(nullif(%(expressions)s, ''), '$.{'.'.join(self.path)}')"
        return self.as_sql(compiler, connection, template=self.shown.replace("%s", value), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Return the value by PostgreSQL's JSON operators."""
        value = f"(nullif(%(expressions)s, '')::jsonb #>> '{{{','.join(self.path)}}}')"
        return self.as_sql(compiler, connection, template=self.shown.replace("%s", value), **extra)


class StoredDay(Stored):
    """The same of an imprecise date, so that it sorts: one of several days by the first, none before all others."""

    shown = "ltrim(coalesce(%s, ''), '[')"


PUBLISHED = StoredDay("record", path=("term", "published"))
PUBLISHER = Stored("record", path=("term", "publisher", "slug"))


class SealedQuerySet(models.QuerySet[Any]):
    """Rows that are written once. Only publishing sets `superseded_in`, through `supersede`."""

    def delete(self) -> NoReturn:
        """Refuse."""
        raise SealedError("The ledger is append-only.")

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise SealedError("The ledger is append-only.")

    def supersede(self, number: int) -> int:
        """Mark the still standing rows of this queryset as replaced in edition `number`; return how many."""
        return super().update(superseded_in=number)

    def redact(self, number: int, **neutral: Any) -> int:
        """Blank the texts of the rows of this queryset in edition `number`, once; return how many.

        `neutral` are the slugs or keys that take the place of theirs. Digests stay.
        """
        texts = {"record": ""} | ({"csv": "", "change_note": ""} if issubclass(self.model, PublishedAction) else {})
        return super().update(redacted_in=number, **texts, **neutral)

    def current(self) -> Self:
        """The newest version of each row, tombstones included."""
        return self.filter(superseded_in=None)

    def sealed_by(self, number: int) -> Self:
        """The rows that stood at edition `number`, tombstones included."""
        return self.filter(Q(superseded_in=None) | Q(superseded_in__gt=number), edition__lte=number)

    def ever_sealed_by(self, number: int) -> Self:
        """Every version that edition `number` or one before it sealed, also those replaced since."""
        return self.filter(edition__lte=number)


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions, in order of their number."""

    def newest(self) -> "Edition | None":
        """Return the edition with the highest number; None before the first."""
        return self.order_by("-number").first()

    def delete(self) -> NoReturn:
        """Refuse."""
        raise SealedError("The ledger is append-only.")

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise SealedError("The ledger is append-only.")


class Edition(models.Model):
    """One publication: a gapless number, an instant, a note and the digest that chains it to the one before."""

    number = models.PositiveIntegerField(primary_key=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="editions"
    )
    note = models.TextField(blank=True)
    columns = models.PositiveSmallIntegerField()
    codebook = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_from_one"),
        ]

    def __str__(self) -> str:
        return f"Edition {self.number}"


class Sealed(models.Model):
    """What every sealed row has. `record` is canonical JSON; `digest` its SHA-256 in hexadecimal."""

    version = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="%(class)ss")
    superseded_in = models.PositiveIntegerField(null=True)
    record = models.TextField()
    digest = models.CharField(max_length=64)
    redacted_in = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(superseded_in=None) | Q(superseded_in__gt=F("edition")),
                name="%(class)s_superseded_later",
            ),
        ]

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise SealedError("The ledger is append-only.")


class PublishedActionQuerySet(SealedQuerySet):
    """Public rows. Reading surfaces start at `as_of`."""

    def as_of(self, number: int) -> Self:
        """The rows that readers saw at edition `number`; retracted entries are absent."""
        return self.filter(projection__edition__lte=number, projection__superseded_in__gt=number)

    def retracted_as_of(self, number: int) -> Self:
        """The tombstones that stood at edition `number`."""
        return self.sealed_by(number).filter(change="retracted")


class PublishedAction(Sealed):
    """One version of one entry, as `record` (canonical JSON) and as `csv` (its line, without the line end).

    A retraction is a row too: change "retracted", no CSV, no projections.
    """

    slug = models.CharField(max_length=100)
    change = models.CharField(max_length=10)
    change_note = models.TextField(blank=True)
    csv = models.TextField(blank=True)
    csv_digest = models.CharField(max_length=64, blank=True)
    record_bytes = models.PositiveIntegerField()
    csv_bytes = models.PositiveIntegerField()

    objects = models.Manager.from_queryset(PublishedActionQuerySet)()

    class Meta(Sealed.Meta):
        ordering: ClassVar = ["slug", "version"]
        constraints: ClassVar = [
            *Sealed.Meta.constraints,
            models.UniqueConstraint(fields=["slug", "version"], name="publishedaction_version"),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(superseded_in=None), name="publishedaction_one_current"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["change", "slug"], condition=Q(superseded_in=None), name="publishedaction_change"),
            models.Index(fields=["edition", "slug"], name="publishedaction_in_edition"),
            models.Index(fields=["change", "edition", "slug"], name="publishedaction_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"


class PublishedTerm(Sealed):
    """One version of one term or source, by (kind, slug)."""

    kind = models.CharField(max_length=10)
    slug = models.CharField(max_length=100)

    objects = models.Manager.from_queryset(SealedQuerySet)()

    class Meta(Sealed.Meta):
        ordering: ClassVar = ["kind", "slug", "version"]
        constraints: ClassVar = [
            *Sealed.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "slug", "version"], name="publishedterm_version"),
            models.UniqueConstraint(
                fields=["kind", "slug"], condition=Q(superseded_in=None), name="publishedterm_one_current"
            ),
        ]
        indexes: ClassVar = [
            models.Index("kind", PUBLISHED.desc(), "slug", name="publishedterm_published"),
            models.Index("kind", PUBLISHER, PUBLISHED.desc(), "slug", name="publishedterm_publisher"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} v{self.version}"


class PublishedRelationQuerySet(SealedQuerySet):
    """Public relations."""

    def as_of(self, number: int) -> Self:
        """The relations that stood at edition `number`; whether both ends are visible is the reader's question."""
        return self.sealed_by(number).filter(removed=False)


class PublishedRelation(Sealed):
    """One version of one relation, by `key` (from, kind, target). `removed` marks the row that takes it away."""

    key = models.CharField(max_length=250)
    from_slug = models.CharField(max_length=100)
    kind = models.CharField(max_length=15)
    in_part = models.BooleanField(default=False)
    to_slug = models.CharField(max_length=100, null=True)  # null: outside the data set
    removed = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(PublishedRelationQuerySet)()

    class Meta(Sealed.Meta):
        ordering: ClassVar = ["key", "version"]
        constraints: ClassVar = [
            *Sealed.Meta.constraints,
            models.UniqueConstraint(fields=["key", "version"], name="publishedrelation_version"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(superseded_in=None), name="publishedrelation_one_current"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["from_slug"], name="publishedrelation_from"),
            models.Index(fields=["to_slug"], name="publishedrelation_to"),
            models.Index(fields=["edition", "from_slug"], name="publishedrelation_in_edition"),
        ]

    def __str__(self) -> str:
        return self.key


class Projection(models.Model):
    """Where one public row stands in time and in each sort: rebuilt at will, never in a file.

    The four sort keys are integers, one ascending index each, slug last. `superseded_in` is NEVER while it stands.
    """

    row = models.OneToOneField(PublishedAction, primary_key=True, on_delete=models.CASCADE, related_name="projection")
    slug = models.CharField(max_length=100)
    edition = models.PositiveIntegerField()
    superseded_in = models.PositiveIntegerField(default=NEVER)
    earliest = models.DateField()
    latest = models.DateField()
    qualified = models.BooleanField(help_text="The date carries ?, ~ or %: it is never certain.")
    newest = models.IntegerField()
    oldest = models.IntegerField()
    changed = models.BigIntegerField()
    added = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            # With the row in it the index alone finds the rows of a page or a file, and their order.
            models.Index(fields=[key, "slug", "edition", "superseded_in", "row"], name=f"projection_{key}")
            for key in ("newest", "oldest", "changed", "added")
        ] + [models.Index(fields=["earliest", "latest"], name="projection_days")]

    def __str__(self) -> str:
        return self.slug


class FacetValue(models.Model):
    """One value of one dimension (codebook 11), so that facets are integers."""

    dimension = models.CharField(max_length=15)
    key = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["dimension", "key"], name="facetvalue_once")]

    def __str__(self) -> str:
        return f"{self.dimension}={self.key}"


class PublishedFacet(models.Model):
    """This row has this value, directly (parts and members are added when a selection is parsed)."""

    value = models.ForeignKey(FacetValue, on_delete=models.PROTECT, related_name="facets", db_index=False)
    row = models.ForeignKey(PublishedAction, on_delete=models.CASCADE, related_name="facets")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["value", "row"], name="publishedfacet_once")]

    def __str__(self) -> str:
        return f"{self.value_id} on {self.row_id}"


class StatusSpan(models.Model):
    """The days [from_day, before_day) on which `in_force` is possible for a row; null is open."""

    row = models.ForeignKey(PublishedAction, on_delete=models.CASCADE, related_name="spans")
    in_force = models.CharField(max_length=15)
    from_day = models.DateField(null=True)
    before_day = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["in_force", "from_day", "before_day"], name="statusspan_days"),
        ]

    def __str__(self) -> str:
        return f"{self.in_force} [{self.from_day}, {self.before_day})"
