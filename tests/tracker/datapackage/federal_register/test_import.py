"""`manage.py import_federal_register`: orders become entries, and stay up to date without undoing what editors did."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.factories import NOW, edit, line, save
from tests.tracker.datapackage.federal_register.listings import as_csv, as_json, order
from tracker import document, publishing
from tracker.models import Edition, PolicyAction, PublishedAction, Revision, Source

pytestmark = pytest.mark.django_db

LAMPS = order(90001, note="Amended by: EO 90002, February 3, 2017\nIn memory of lamps")
BELLS = order(90002, "02/03/2017", "Amends: EO 90001, May 4, 2015; Revokes: EO 700, May 9, 1969")
LAMPS_AFTER = {
    **LAMPS,
    "disposition_notes": "Amended by: EO 90002, February 3, 2017; Revoked by: EO 90003, March 2, 2022",
}
HORNS = order(90003, "2022-03-02", "Revokes: EO 90001, May 4, 2015")

Import = Callable[..., str]


@pytest.fixture
def import_list(tmp_path: Path) -> Import:
    """Import a list of orders and return what was printed."""

    def run(*orders: dict[str, str], content: bytes | None = None, **options: Any) -> str:
        path, out = tmp_path / "orders.csv", StringIO()
        path.write_bytes(as_csv(*orders) if content is None else content)
        call_command("import_federal_register", path, stdout=out, **options)
        return out.getvalue()

    return run


def entry(number: int) -> dict[str, Any]:
    return document.entry_of(PolicyAction.objects.for_documents().get(slug=f"eo-{number}"))


def relations(number: int) -> list[tuple[str, str]]:
    found = document.relations_of(PolicyAction.objects.for_documents().get(slug=f"eo-{number}"))
    return [(each["kind"], each["to"] or each["identifier"]) for each in found]


def statuses(number: int) -> list[tuple[str | None, str]]:
    return [(each["status"], each["date"]) for each in entry(number)["status_history"]]


def test_an_order_becomes_an_entry(import_list: Import) -> None:
    import_list(LAMPS, BELLS)
    found = entry(90001)
    assert (found["form"], found["date"], found["actor_office"]) == ("executive_order", "2015-05-04", "President")
    assert found["identifiers"] == ["eo:90001", "fr:2015-90001"]
    assert (found["actor"]["name"], found["agency"]["name"]) == ("Barack Obama", "White House")
    assert statuses(90001) == [("in_effect", "2015-05-04"), (None, "2017-02-03")]
    assert relations(90002) == [("amends", "eo-90001"), ("reverses", "eo:700")]


def test_the_source_is_the_page_of_the_register(import_list: Import) -> None:
    import_list(LAMPS)
    source = Source.objects.get()
    assert (source.kind, source.published, str(source.publisher)) == (
        "official_document",
        "2015-05-06",
        "Federal Register",
    )
    assert source.title == "Executive Order 90001 of 4 May 2015, 80 FR 90001"


def test_what_was_not_understood_is_kept_and_counted(import_list: Import) -> None:
    out = import_list(LAMPS, BELLS)
    assert "3 statements; for an editor: 0 not believed, 1 not understood." in out
    assert entry(90001)["status_history"][0]["note"] == "The Federal Register's note also says: “In memory of lamps”."


def test_what_is_not_believed_is_kept_and_listed(import_list: Import, tmp_path: Path) -> None:
    backwards = order(90001, note="Revokes: EO 90003, March 2, 2022")
    import_list(backwards, HORNS, problems=tmp_path / "problems.csv")
    assert relations(90001) == []
    assert "Not taken over: “Revokes: EO 90003, March 2, 2022”." in entry(90001)["status_history"][0]["note"]
    with (tmp_path / "problems.csv").open(encoding="utf-8", newline="") as stream:
        (problem,) = csv.DictReader(stream)
    assert (problem["row"], problem["column"]) == ("2", "disposition_notes")


def test_a_title_too_long_is_cut_at_a_word_and_kept_whole(import_list: Import) -> None:
    title = "Care of Lighthouses and " * 12 + "Bells"
    import_list(order(90001, title=title))
    assert (len(entry(90001)["title"]) <= 200, entry(90001)["title"][-1]) == (True, "…")
    assert entry(90001)["summary"] == f"Full title: {title}"


def test_the_api_is_read_like_the_export(import_list: Import) -> None:
    import_list(content=as_json(LAMPS, BELLS))
    assert "2 the same" in import_list(LAMPS, BELLS)


def test_it_is_published_as_one_edition(import_list: Import) -> None:
    out = import_list(LAMPS, BELLS, publish=True, note="The first list.")
    assert out.splitlines()[-1] == "Published edition 1."
    assert Edition.objects.count() == 1


def test_a_second_time_nothing_changes(import_list: Import) -> None:
    import_list(LAMPS, BELLS, publish=True, note="The first list.")
    assert import_list(LAMPS, BELLS, publish=True).splitlines()[-1] == "Nothing new to publish."
    assert Revision.objects.count() == 2


def test_a_dry_run_saves_nothing(import_list: Import) -> None:
    assert import_list(LAMPS, dry_run=True).splitlines()[-1] == "Nothing was saved: this was a dry run."
    assert not PolicyAction.objects.exists()


def test_a_fault_in_one_row_saves_none(import_list: Import) -> None:
    with pytest.raises(CommandError, match=r"orders\.csv:3:signing_date"):
        import_list(LAMPS, order(90002, "in May"))
    assert not PolicyAction.objects.exists()


# --- the next list ---------------------------------------------------------------------------------------------


def test_a_changed_note_updates_its_entry(import_list: Import) -> None:
    import_list(LAMPS, BELLS, publish=True)
    out = import_list(LAMPS_AFTER, BELLS, HORNS, publish=True, note="The second list.")
    assert "1 new, 1 changed, 1 the same" in out
    assert statuses(90001) == [("in_effect", "2015-05-04"), (None, "2017-02-03"), ("reversed", "2022-03-02")]
    assert entry(90001)["status_history"][0]["note"] is None


def test_public_entries_change_only_with_a_note(import_list: Import) -> None:
    import_list(LAMPS, BELLS, publish=True)
    with pytest.raises(CommandError, match="say in a note why"):
        import_list(LAMPS_AFTER, BELLS, HORNS, publish=True)
    assert not PolicyAction.objects.filter(slug="eo-90003").exists()


def test_an_order_that_the_list_lost_stays(import_list: Import) -> None:
    import_list(LAMPS, BELLS)
    assert "1 known here and not in this list (they stay)" in import_list(BELLS)
    assert relations(90002) == [("amends", "eo-90001"), ("reverses", "eo:700")]


def test_an_order_that_the_list_lost_is_still_revoked_by_a_new_one(import_list: Import) -> None:
    import_list(LAMPS, BELLS, publish=True)
    import_list(BELLS, HORNS, publish=True, note="The second list.")
    assert statuses(90001)[-1] == ("reversed", "2022-03-02")
    assert "0 new, 0 changed, 2 the same" in import_list(BELLS, HORNS)


def test_an_order_known_by_number_only_becomes_a_link(import_list: Import) -> None:
    import_list(BELLS)
    assert relations(90002) == [("amends", "eo:90001"), ("reverses", "eo:700")]
    import_list(LAMPS, BELLS)
    assert relations(90002) == [("amends", "eo-90001"), ("reverses", "eo:700")]


# --- what editors did ------------------------------------------------------------------------------------------


def test_what_an_editor_wrote_is_never_overwritten(import_list: Import) -> None:
    import_list(LAMPS, BELLS)
    edit(PolicyAction.objects.get(slug="eo-90001"), title="Lamps cared for", where_it_stands="All lamps are lit.")
    import_list(LAMPS_AFTER, BELLS, HORNS)
    assert (entry(90001)["title"], entry(90001)["where_it_stands"]) == ("Lamps cared for", "All lamps are lit.")
    assert statuses(90001)[-1] == ("reversed", "2022-03-02")
    import_list(LAMPS_AFTER, BELLS, HORNS)
    assert entry(90001)["title"] == "Lamps cared for"


def test_lines_of_editors_stay_in_their_place(import_list: Import) -> None:
    import_list(LAMPS, BELLS)
    history = entry(90001)["status_history"]
    edit(
        PolicyAction.objects.get(slug="eo-90001"),
        status_history=[*history, line("blocked", "2019-06-01", by="court", note="A judge stops it.")],
    )
    import_list(LAMPS_AFTER, BELLS, HORNS)
    assert [status for status, _ in statuses(90001)] == ["in_effect", None, "blocked", "reversed"]


def test_what_an_editor_took_away_stays_away(import_list: Import) -> None:
    import_list(LAMPS, BELLS)
    edit(PolicyAction.objects.get(slug="eo-90001"), status_history=entry(90001)["status_history"][:1])
    assert "0 new, 0 changed, 2 the same" in import_list(LAMPS, BELLS)


def test_a_status_that_an_editor_logged_for_that_day_holds(import_list: Import) -> None:
    import_list(LAMPS, BELLS)
    history = entry(90001)["status_history"]
    edit(PolicyAction.objects.get(slug="eo-90001"), status_history=[*history, line("superseded", "2022-03-02")])
    import_list(LAMPS_AFTER, BELLS, HORNS)
    assert [status for status, _ in statuses(90001)] == ["in_effect", None, "superseded"]


def test_what_editors_retracted_stays_retracted(import_list: Import) -> None:
    import_list(LAMPS, BELLS, publish=True)
    publishing.retract("eo-90001", reason="out_of_scope", note="Lamps are out of scope.", by=None, at=NOW)
    out = import_list(LAMPS_AFTER, BELLS, HORNS, publish=True, note="The second list.")
    assert "1 new, 0 changed, 1 the same, 1 kept as they are here" in out
    assert PublishedAction.objects.current().get(slug="eo-90001").change == "retracted"


def test_an_entry_that_an_editor_logged_is_found_by_its_number(import_list: Import) -> None:
    save(slug="lamps", title="Lamps cared for", identifiers=["eo:90001"], date="2015-05-04")
    assert "Orders: 1 known before" in import_list(LAMPS, BELLS)
    found = document.entry_of(PolicyAction.objects.for_documents().get(slug="lamps"))
    assert (found["title"], found["form"]) == ("Lamps cared for", "executive_order")
    assert relations(90002)[0] == ("amends", "lamps")
