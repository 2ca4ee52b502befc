"""How what is typed is read: words, phrases, exclusions, and the word still being typed."""

import pytest

from timeline.search.query import Query

READ = {
    "words": ("aid paused", "aid + paused*"),
    "a phrase": ('"aid paused"', "aid paused"),
    "a phrase, then a word": ('"aid paused" kyiv', "aid paused + kyiv*"),
    "a word, then a phrase": ('kyiv "aid paused"', "kyiv + aid paused"),
    "typographer's quotation marks": ("“aid paused” «to Kyiv»", "aid paused + to kyiv"),
    "a phrase never closed": ('"aid paused', "aid paused"),
    "a quotation mark inside a word": ('5" gun', "5 + gun*"),
    "text behind a phrase": ('"aid"paused', "aid + paused*"),
    "an excluded word": ("aid -kyiv", "aid* - kyiv"),
    "an excluded phrase": ('aid -"to kyiv"', "aid* - to kyiv"),
    "only excluded": ("-aid -kyiv", "- aid - kyiv"),
    "two hyphens": ("--aid", "- aid"),
    "a hyphen within": ("co-op", "co op*"),
    "a hyphen alone": ("aid - kyiv", "aid + kyiv*"),
    "a word that falls apart": ("eo:13716 x", "eo 13716 + x*"),
    "twice": ("aid aid x x", "aid + x + x*"),
    "operators": ("a AND (b* OR ^c) NOT d", "a + and + b + or + c + not + d*"),
    "nothing but signs": ("& | ! <-> : * ( ) -!", ""),
    "empty quotation marks": ('"" -""', ""),
}


def _told(query: Query) -> str:
    wanted = " + ".join(" ".join(item.tokens) + "*" * item.is_open for item in query.wanted)
    return f"{wanted}{''.join(' - ' + ' '.join(item.tokens) for item in query.unwanted)}".strip()


@pytest.mark.parametrize(("typed", "read"), READ.values(), ids=READ.keys())
def test_query_is_read_as(typed: str, read: str) -> None:
    assert _told(Query.parse(typed)) == read
