"""Lists of public bodies and of countries: taken apart, and what of them is missing here."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tracker.datapackage.reference import ListError, read_bodies, read_countries
from tracker.models import AffectedParty, Agency

HEAD = "active,cfr_citation,parent_agency_name,agency_name,description\r"
REGISTER = (
    f"{HEAD}"
    "1,01 CFR 1,Lamp Department ,Lamp Department,Keeps lamps. \u2022 Caf\u00e9\r"
    "1,01 CFR 2,Lamp Department,Wick Service,\r"
    '1,02 CFR 3,Lamp Department,Wick Service,"One\r\rTwo"\r'
    "0,,,Bureau of Oil (See Wick Service),\r"
).encode("mac_roman")
REGINFO = b"""<?xml version="1.0"?><OIRA_DATA>
<AGENCY><NAME>All Agencies</NAME><ACRONYM>ALL</ACRONYM><AGENCY_CODE>0000</AGENCY_CODE></AGENCY>
<AGENCY><NAME>Department of Lamps</NAME><ACRONYM>DOL</ACRONYM><AGENCY_CODE>9100</AGENCY_CODE></AGENCY>
<AGENCY><NAME>Office of the Secretary</NAME><ACRONYM>OS</ACRONYM><AGENCY_CODE>9101</AGENCY_CODE></AGENCY>
<AGENCY><NAME>Department of Bells</NAME><ACRONYM>DOB</ACRONYM><AGENCY_CODE>9200</AGENCY_CODE></AGENCY>
<AGENCY><NAME>Office of the Secretary</NAME><ACRONYM>OS</ACRONYM><AGENCY_CODE>9201</AGENCY_CODE></AGENCY>
<AGENCY><NAME>Office of Clappers</NAME><ACRONYM>OC</ACRONYM><AGENCY_CODE>9202</AGENCY_CODE></AGENCY>
</OIRA_DATA>"""
COUNTRIES = (
    b"ISO3166-1-Alpha-3,official_name_en,UNTERM English Short,UNTERM English Formal,CLDR display name\n"
    b"LMP,Lampland,,the Republic of Lampland,Lampland\n"
)


def test_the_register_s_list_has_each_body_once() -> None:
    assert [(each.name, each.parent, each.aliases) for each in read_bodies(REGISTER)] == [
        ("Lamp Department", "", ("Department of Lamp",)),
        ("Wick Service", "Lamp Department", ("Bureau of Oil",)),
    ]


def test_a_name_that_departments_share_says_which() -> None:
    assert [(each.name, each.parent, each.abbreviation) for each in read_bodies(REGINFO)] == [
        ("Department of Lamps", "", "DOL"),
        ("Office of the Secretary (Department of Lamps)", "Department of Lamps", "OS"),
        ("Department of Bells", "", "DOB"),
        ("Office of the Secretary (Department of Bells)", "Department of Bells", "OS"),
        ("Office of Clappers", "Department of Bells", "OC"),
    ]


def test_a_country_has_its_code_and_other_names() -> None:
    (country,) = read_countries(COUNTRIES)
    assert (country.name, country.alpha_3, country.aliases) == ("Lampland", "LMP", ("the Republic of Lampland",))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"name,age\nA,1\n", id="other-table"),
        pytest.param(b"<html><p>Bad gateway", id="broken-xml"),
        pytest.param(b"<OIRA_DATA/>", id="no-agencies"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', id="entities"),
        pytest.param(b"", id="empty"),
    ],
)
def test_what_is_no_such_list_is_refused(content: bytes) -> None:
    with pytest.raises(ListError):
        read_bodies(content)


def run(command: str, path: Path, content: bytes, **options: bool) -> str:
    out = StringIO()
    path.write_bytes(content)
    call_command(command, path, stdout=out, **options)
    return out.getvalue().strip()


@pytest.mark.django_db
class TestCommands:
    def test_missing_bodies_are_created_with_parent_and_aliases(self, tmp_path: Path) -> None:
        said = run("import_agencies", tmp_path / "list.csv", REGISTER)
        assert said == "list.csv: 2 listed, 2 created, 0 there already."
        service = Agency.objects.get(slug="wick-service")
        assert (service.name, str(service.parent), service.alias_list) == (
            "Wick Service",
            "Lamp Department",
            ["Bureau of Oil"],
        )

    def test_a_body_known_by_another_name_stays_as_it_is(self, tmp_path: Path) -> None:
        run("import_agencies", tmp_path / "list.csv", REGISTER)
        Agency.objects.filter(slug="lamp-department").update(abbreviation="LMP")
        again = run("import_agencies", tmp_path / "list.xml", REGINFO.replace(b"of Lamps", b"of Lamp"))
        assert again == "list.xml: 5 listed, 4 created, 1 there already."
        assert Agency.objects.get(slug="lamp-department").abbreviation == "LMP"
        assert str(Agency.objects.get(name__startswith="Office of the Secretary (Department of Lamp)").parent) == (
            "Lamp Department"
        )

    def test_a_second_time_nothing_is_created(self, tmp_path: Path) -> None:
        run("import_agencies", tmp_path / "list.xml", REGINFO)
        assert run("import_agencies", tmp_path / "list.xml", REGINFO).endswith("0 created, 5 there already.")

    def test_a_dry_run_creates_nothing(self, tmp_path: Path) -> None:
        said = run("import_agencies", tmp_path / "list.csv", REGISTER, dry_run=True)
        assert (said, Agency.objects.count()) == ("list.csv: 2 listed, 2 would be created, 0 there already.", 0)

    def test_a_country_is_found_by_its_code(self, tmp_path: Path) -> None:
        AffectedParty.objects.create(slug="lamps", name="Lamps", kind="state", iso_3166_1_alpha_3="LMP")
        said = run("import_countries", tmp_path / "codes.csv", COUNTRIES)
        assert said == "codes.csv: 1 listed, 0 created, 1 there already."

    def test_a_missing_country_is_a_state(self, tmp_path: Path) -> None:
        run("import_countries", tmp_path / "codes.csv", COUNTRIES)
        assert AffectedParty.objects.get(iso_3166_1_alpha_3="LMP").kind == "state"

    def test_a_wrong_file_is_told_in_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"^codes\.csv: This is not the list that is expected"):
            run("import_countries", tmp_path / "codes.csv", b"a,b\n1,2\n")


@pytest.mark.shared_data
@pytest.mark.django_db
def test_the_lists_of_governments_are_created_once(shared_data: Path) -> None:
    lists = (
        ("import_countries", "countries/country-codes.csv"),
        ("import_agencies", "agencies/fr_agencies.csv"),
        ("import_agencies", "agencies/reginfo_AGY_AGENCY_LIST.xml"),
    )
    said = []
    for command, path in (*lists, *lists):
        out = StringIO()
        call_command(command, shared_data / path, stdout=out)
        said.append(out.getvalue().strip().split(": ")[1])
    assert said == [
        "249 listed, 249 created, 0 there already.",
        "525 listed, 525 created, 0 there already.",
        "428 listed, 253 created, 175 there already.",
        "249 listed, 0 created, 249 there already.",
        "525 listed, 0 created, 525 there already.",
        "428 listed, 0 created, 428 there already.",
    ]
