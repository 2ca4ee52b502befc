"""Full text search behind `q`: one tokeniser, one grammar and one relevance, whichever database answers (ADR 14).

`tokens`, `query` and `texts` are pure: text in, words out. `index` writes, `matching` asks, `structures` holds what
only one of the databases has.
"""
