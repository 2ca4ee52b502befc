"""For programs: the ledger as JSON under /api/v1/. It only reads, knows nobody and keeps nothing about anyone.

The names in an address are those of the timeline, and so are the rows: every list starts at `Selection.parse`.
Within version 1 things are only added: tests/timeline/api/openapi.json pins what is there.
"""
