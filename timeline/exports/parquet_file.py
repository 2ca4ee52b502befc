"""actions.parquet: the selection with its types, lists as lists, edition and query in the file's metadata.

Needs the optional extra `parquet` (pyarrow); without it the address answers that it is not offered here.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, BinaryIO

from django.conf import settings

from timeline.exports.base import BuiltExport
from timeline.exports.chunks import CHUNK
from timeline.exports.typed import columns_of, typed_rows
from timeline.selection import Selection
from tracker.columns import Column


class ParquetFile(BuiltExport):
    """One row group for each chunk."""

    suffix = "parquet"
    content_type = "application/vnd.apache.parquet"

    @property
    def is_offered(self) -> bool:
        return find_spec("pyarrow") is not None

    def build(self, selection: Selection, file: BinaryIO, *, chunk: int = CHUNK) -> None:
        from pyarrow import parquet, record_batch  # noqa: PLC0415 - optional

        schema = _schema(selection)
        with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for rows in typed_rows(selection, chunk=chunk):
                values = [list(cells) for cells in zip(*rows, strict=True)]
                writer.write_batch(record_batch(values, schema=schema))


def _schema(selection: Selection) -> Any:
    import pyarrow  # noqa: PLC0415 - optional

    edition = selection.edition
    told = {
        "site": settings.SITE_NAME,
        "edition": str(selection.number),
        "edition_digest": edition.digest if edition else "",
        "query": selection.query(),
    }
    fields = [
        pyarrow.field(column.name, _type(pyarrow, column), metadata={"description": column.description})
        for column in columns_of(selection)
    ]
    return pyarrow.schema(fields, metadata=told)


def _type(arrow: Any, column: Column) -> Any:
    match column.type:
        case "integer":
            return arrow.int64()
        case "boolean":
            return arrow.bool_()
        case "day":
            return arrow.date32()
        case "instant":
            return arrow.timestamp("s", tz="UTC")
        case "list" | "addresses":
            return arrow.list_(arrow.string())
        case _:
            return arrow.string()


PARQUET = ParquetFile()
