"""Tests of the Federal Register: the parser of its notes, its list, and its upkeep."""
