"""Bringing the national address base in: good lines stay, bad ones are named, twice is once."""

import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from journal.models import Entry
from territory.ban import NotAddresses, Refusal
from territory.models import Place
from territory.selectors import search_places
from territory.services import Outcome, import_addresses

pytestmark = pytest.mark.django_db

HEADER = (
    "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;code_insee_ancienne_commune;"
    "nom_ancienne_commune;x;y;lon;lat;type_position;alias;nom_ld;libelle_acheminement;nom_afnor;source_position;"
    "source_nom_voie;certification_commune;cad_parcelles"
)


def line(
    number: str = "12", *, ban: str = "", rep: str = "", street: str = "Rue de la Liberté", lon: str = "5.0380",
    lat: str = "47.3225", insee: str = "21231", commune: str = "Dijon", postcode: str = "21000",
) -> str:  # fmt: skip
    ban = ban or f"{insee}_{street.replace(' ', '')}_{number}{rep}"
    return f"{ban};;{number};{rep};{street};{postcode};{insee};{commune};;;0;0;{lon};{lat};entrée;;;DIJON;X;commune;commune;1;"


def file(folder: Path, *lines: str, name: str = "adresses-21.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path


def run(path: Path, *, dry_run: bool = False) -> tuple[Outcome, list[Refusal]]:
    refusals: list[Refusal] = []
    return import_addresses(path=path, by=None, dry_run=dry_run, on_refusal=refusals.append), refusals


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.created, outcome.updated, outcome.unchanged, outcome.refused


def test_addresses_are_found_on_their_street(tmp_path: Path) -> None:
    outcome, refusals = run(file(tmp_path, line("12"), line("14", rep="bis", lon="5.0384")))
    assert (counts(outcome), refusals) == ((2, 0, 0, 0), [])
    hit = search_places("14 bis rue de la libertee")[0]
    assert (hit.label, hit.lon, hit.commune) == ("14bis Rue de la Liberté, 21000 Dijon", 5.0384, "21231")
    assert Place.objects.filter(kind="street", name="Rue de la Liberté").count() == 1
    entry = Entry.objects.order_by("-seq")[0]
    assert entry.kind == "territory.addresses_imported"


def test_the_same_file_again_changes_nothing_and_is_not_news(tmp_path: Path) -> None:
    path = file(tmp_path, line("12"), line("14"))
    run(path)
    news = Entry.objects.count()
    before = list(Place.objects.order_by("key").values())
    outcome, _refusals = run(path)
    assert counts(outcome) == (0, 0, 2, 0)
    assert list(Place.objects.order_by("key").values()) == before
    assert Entry.objects.count() == news


def test_an_address_is_known_by_its_ban_id(tmp_path: Path) -> None:
    run(file(tmp_path, line("12", ban="21231_1_1")))
    outcome, _refusals = run(file(tmp_path, line("13", ban="21231_1_1", lat="47.3226")))
    assert counts(outcome) == (0, 1, 0, 0)
    assert Place.objects.get(key="ban:21231_1_1").house_number == "13"


def test_named_twice_in_one_file_the_later_line_wins(tmp_path: Path) -> None:
    run(file(tmp_path, line("12", ban="a"), line("16", ban="a")))
    assert Place.objects.get(key="ban:a").house_number == "16"


def test_the_commune_comes_from_the_point_and_the_postal_one_is_still_found(tmp_path: Path) -> None:
    run(file(tmp_path, line("3", street="Rue des Inconnus", lat="47.3359", lon="5.0050")))
    place = Place.objects.get(kind="address", name="Rue des Inconnus")
    assert (place.commune_id, place.label) == ("21617", "3 Rue des Inconnus, 21000 Talant")
    assert search_places("3 rue des inconnus dijon")[0].score == pytest.approx(1, abs=0.1)


BAD = {
    "12 Rue sans colonnes": "1 columns instead of 23",
    line(lat="", ban="x1"): "not a position: –",
    line(lat="NaN", ban="x2"): "not a position: NaN",
    line(lon="500", ban="x3"): "not a position: 500",
    line("douze"): "not a house number: douze",
    line("²"): "not a house number: ²",
    line(street="", ban="x4"): "no identifier or no street name",
    line(street="''", ban="x5"): "no identifier or no street name",
    line(street="R" * 151, ban="x6"): "too long: street_name",
    line(street="a\0b", ban="x7"): "a zero byte",
    line(street='"Rue', ban="x8"): "unexpected end of data",
    line(lat="48.85", lon="2.35", ban="x9"): "outside the metropolis",
    line(lat="5.0380", lon="47.3225", ban="x10"): "outside the metropolis",
}


def test_bad_lines_are_named_and_the_good_ones_stay(tmp_path: Path) -> None:
    lines = [line("1"), *BAD, line("2")]
    with translation.override("en"):
        outcome, refusals = run(file(tmp_path, *lines))
    assert counts(outcome) == (2, 0, 0, len(BAD))
    assert refusals == [Refusal(n, reason) for n, reason in enumerate(BAD.values(), start=3)]


def test_a_line_that_is_not_utf8_is_refused_alone(tmp_path: Path) -> None:
    path = file(tmp_path, line("1"), line("2"))
    path.write_bytes(path.read_bytes().replace(b";2;", b";\xe9;", 1))
    outcome, refusals = run(path)
    assert counts(outcome) == (1, 0, 0, 1)
    assert [refusal.line for refusal in refusals] == [3]


def test_gzip_is_read_whatever_its_name(tmp_path: Path) -> None:
    plain = file(tmp_path, line("1"), line("2"))
    zipped = tmp_path / "adresses"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    assert counts(run(zipped)[0]) == (2, 0, 0, 0)


def test_a_torn_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    text = "\n".join([HEADER, *(line(str(n), ban=f"{n}-{n * 7919 % 100003}") for n in range(1, 3000))])
    torn = tmp_path / "adresses.csv.gz"
    torn.write_bytes(gzip.compress(text.encode())[:-3000])
    outcome, _refusals = run(torn)
    assert outcome.created > 100
    assert outcome.stopped


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    before = Place.objects.count()
    outcome, refusals = run(file(tmp_path, line("1"), line("2", street="Rue Nouvelle"), line(lat="0")), dry_run=True)
    assert counts(outcome) == (2, 0, 0, 1)
    assert len(refusals) == 1
    assert Place.objects.count() == before


def test_a_street_stands_at_the_address_nearest_to_its_middle(tmp_path: Path) -> None:
    run(file(tmp_path, *(line(str(n), street="Rue Longue", lat=f"{47.32 + n / 10_000}") for n in range(1, 6))))
    street = Place.objects.get(kind="street", name="Rue Longue")
    assert street.lat == pytest.approx(47.3203)


def test_more_than_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("territory.services.BATCH", 10)
    steps: list[float] = []
    path = file(tmp_path, *(line(str(n)) for n in range(1, 36)))
    outcome = import_addresses(path=path, by=None, on_progress=lambda step: steps.append(step.done / step.total))
    assert counts(outcome) == (35, 0, 0, 0)
    assert len(steps) == 4
    assert steps == sorted(steps)
    assert steps[-1] == 1


def test_what_is_no_address_file_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for content in (b"", b"a;b;c\n1;2;3\n", b"\xff\xfe\x00", b"\x1f\x8bnonsense"):
        path.write_bytes(content)
        with pytest.raises(NotAddresses):
            run(path)


def command(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_addresses", *arguments, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def test_the_command_reports_lines_progress_and_outcome(tmp_path: Path) -> None:
    path = file(tmp_path, line("1"), *(line(str(n), lat="48.85", lon="2.35") for n in range(2, 30)))
    out, err = command(str(path), "--show", "2")
    assert out.strip().startswith("1 ")
    assert err.count("\n") == 4  # two refused lines, the progress, the count by reason
    assert "100 %" in err
    assert "28" in err.splitlines()[-1]


def test_the_command_says_in_one_sentence_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        command(str(tmp_path / "missing.csv"))
    (tmp_path / "x.csv").write_text("hello")
    with pytest.raises(CommandError):
        command(str(tmp_path / "x.csv"))


def test_loading_the_known_places_keeps_the_imported_points(tmp_path: Path) -> None:
    run(file(tmp_path, line("12", lat="47.3230", lon="5.0390")))
    call_command("load_territory", stderr=StringIO())
    assert Place.objects.get(key="street:21231:rue de la liberte").lat == 47.3230


def test_the_application_role_needs_no_more_than_it_has() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, pg_has_role(current_user, 'pg_read_server_files', 'member')")
        user, may_read_files = cursor.fetchone()
    assert user != "postgres"
    assert not may_read_files
