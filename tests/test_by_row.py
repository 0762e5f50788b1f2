"""Places settled row by row: what tells a row from the others, what is typed, what stays."""

import json
import random

import pytest

from tests.kept_table import settled_by_hand
from villeactive.imports.by_row import matching, meant, refused, to_review, written
from villeactive.imports.identity import is_of_row, no_key, site_keys
from villeactive.imports.importing import draft, keep
from villeactive.imports.projects import Wish
from villeactive.imports.questions import NOWHERE, question, questions, settled
from villeactive.tables.mapping import Mapping
from villeactive.tables.understanding import understand

HEAD = "Réf;Commune;Dép;Intitulé;Subvention"
ROWS = [
    "A1;Saint-Denis;;Halle;100 €",
    "A2;Saint-Denis;;École;200 €",
    "A3;Lens;62;Gare;300 €",
    "A4;Zzyzx;59;Port;400 €",
]
WISH = Wish("appel", "Appel")
LILLE, CALAIS = {"code_insee": "59350"}, {"code_insee": "62193"}


@pytest.fixture
def table(tmp_path):
    """Give what writes rows as a file, with their column of ids or without."""

    def write(rows, *, ids=True):
        lines = [HEAD, *rows]
        path = tmp_path / "appel.csv"
        lines = lines if ids else [line.partition(";")[2] for line in lines]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def keys_by_title(path, **options):
    """Map the title of each row to the key of its site."""
    understood = understand(path, **options)
    title = next(c.index for c in understood.columns if c.role == "title")
    titles = [row[title] for row in understood.sites.rows]
    return dict(zip(titles, site_keys(understood), strict=True))


@pytest.mark.parametrize("ids", [True, False])
def test_a_row_keeps_its_key_sorted_filtered_or_with_another_inserted(table, ids):
    first = keys_by_title(table(ROWS, ids=ids))
    assert len(set(first.values())) == 4
    assert all(map(is_of_row, first.values()))
    shuffled = random.Random(3).sample(ROWS, 4)
    for rows in (ROWS[::-1], shuffled, ROWS[1:], ["A0;Saint-Denis;;Mairie;", *ROWS]):
        again = keys_by_title(table(rows, ids=ids))
        assert {title: again[title] for title in first if title in again} == {
            title: key for title, key in first.items() if title in again
        }


def test_a_row_that_says_another_place_or_amount_is_or_is_not_the_same(table):
    first = keys_by_title(table(ROWS))
    moved = keys_by_title(table([ROWS[0].replace("Saint-Denis", "Lyon"), *ROWS[1:]]))
    assert moved["Halle"] != first["Halle"]
    dearer = keys_by_title(table([ROWS[0].replace("100", "900"), *ROWS[1:]]))
    assert dearer == first


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["D1", "D2", "D2"], "«\u00a0D2\u00a0» revient aux lignes 3 et 4"),
        (["D1"] * 7, "«\u00a0D1\u00a0» revient aux lignes 2, 3, 4, 5 et 3 autres"),
        (["D1", "", "D3"], "La ligne 3 n’en a pas"),
        (["D1", "", ""], None),  # meant for something else
        (["D1", "D2", "D3"], None),
    ],
)
def test_a_column_that_nearly_identifies_rows_says_what_it_lacks(table, ids, said):
    more = [f"D9{n};Lens;62;Projet {n};" for n in range(90)] if said else []
    lacking = no_key(understand(table([f"{one};Lens;62;x;" for one in ids] + more)))
    assert (lacking and (lacking[0].header, lacking[1])) == (said and ("Réf", said))


def test_rows_of_one_title_and_place_are_told_apart_whatever_their_order(table):
    same = [
        "A1;Saint-Denis;;Halle;100 €",
        "A2;Saint-Denis;;Halle;200 €",
        "A2;Saint-Denis;;Halle;200 €",
    ]
    keys = site_keys(understand(table(same, ids=False)))
    assert len(set(keys)) == 3
    turned = site_keys(understand(table([same[1], same[0], same[2]], ids=False)))
    assert turned == [keys[1], keys[0], keys[2]]


@pytest.mark.parametrize("ids", [True, False])
def test_an_edit_stays_with_its_row_through_imports(kept, table, ids):
    path = table(ROWS, ids=ids)
    own = keys_by_title(path)
    by_hand = {own["École"]: LILLE, own["Gare"]: CALAIS, own["Port"]: NOWHERE}
    keep(settled_by_hand(path, WISH, kept, by_hand), kept)
    for rows in (ROWS, ROWS[::-1], ["A9;Saint-Denis;;Mairie;", *ROWS[1:], ROWS[0]]):
        made = draft(table(rows, ids=ids), WISH, kept)  # as the terminal: nothing but what is kept
        places = {one.data["title"]: one.data.get("places") for one in made.kept.records.values()}
        assert places["École"] == [LILLE]
        assert places["Gare"] == [CALAIS], "found, and wrongly"
        assert places["Port"] is None
        assert places["Halle"] is None
    keep(made, kept)
    taken = settled_by_hand(path, WISH, kept, {own["Gare"]: {}}).kept
    assert own["Gare"] not in taken.decisions
    assert [
        one.data["places"] for one in taken.records.values() if one.data["title"] == "Gare"
    ] == [[{"code_insee": "62498"}]]


def test_a_row_wins_over_its_question_and_is_asked_no_more(table):
    understood = understand(table(ROWS))
    asked, own = question(understood, 0), site_keys(understood)
    decisions = {asked: CALAIS, own[1]: LILLE}
    assert [place.code_insee for place in settled(understood, decisions)] == [
        "62193", "59350", "62498", None,
    ]  # fmt: skip
    assert [one.rows for one in questions(understood, {own[1]: LILLE})] == [(1,), (4,)]
    assert [one.rows for one in questions(understood, {own[1]: {}})] == [(1, 2), (4,)]
    gone = {asked: CALAIS, own[1]: {"code_insee": "00000"}}  # a commune that is no more
    assert settled(understood, gone)[1].code_insee == "62193"


def test_a_row_settled_where_it_is_keeps_its_point(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("Commune;Projet;Latitude;Longitude\nLens;Gare;50.4270;2.8280\n", "utf-8")
    understood = understand(path)
    own = {site_keys(understood)[0]: {"code_insee": "62498"}}
    assert settled(understood, own)[0].lon == 2.828


def test_the_sites_of_a_project_are_settled_one_by_one(kept, table):
    path = table(["A1;Lens, Arras;62;Halle;", "A2;Calais | Zzyzx;62;Port;"])
    roles = Mapping(sites=("cells",))
    understood = understand(path, mapping=roles)
    assert understood.sites.of == [0, 0, 1, 1]
    own = site_keys(understood)
    by_hand = {own[1]: LILLE, own[3]: NOWHERE}
    made = settled_by_hand(path, WISH, kept, by_hand, mapping=roles).kept
    assert [one.data["places"] for one in made.records.values()] == [
        [{"code_insee": "62498"}, LILLE], [CALAIS],
    ]  # fmt: skip
    twice = understand(table(["A1;Lens, Lens;62;Halle;"]), mapping=roles)
    assert len(set(site_keys(twice))) == len(twice.sites.of)


def test_rows_to_review_and_rows_that_are_sought(table):
    understood = understand(table(ROWS))
    assert to_review(understood, {}) == [0, 1, 3]
    assert to_review(understood, {site_keys(understood)[2]: CALAIS}) == [0, 1, 2, 3]
    slips = [
        f";{name};62;x;" for name in ("Béthune", "St Omer", "Lievn", "Boulogne s/ Mer", "Calai")
    ]
    assert to_review(understand(table([*slips, ";Paris 12e;75;x;"])), {}) == [2, 4]
    for words, found in (("halle", [0]), ("SAINT denis éco", [1]), ("ligne 4", [2]), ("zut", [])):
        assert matching(understood, words) == found


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("Lens", {"code_insee": "62498"}),
        (" lens (62) ", {"code_insee": "62498"}),
        ("62498", {"code_insee": "62498"}),
        ("CC du Pays de Tronçais", {"siren": "240300558"}),
        ("Département Pas-de-Calais", {"departement": "62"}),
        ("", {}),
        ("-", NOWHERE),
        ("Sans lieu", NOWHERE),
    ],
)
def test_what_is_typed_is_understood_as_a_cell_would_be(text, decision):
    assert meant(text)[0] == decision
    assert meant(written(decision))[0] == decision


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Saint-Denis", "non retenu : « Saint-Denis » désigne 6 communes, dont 2 anciennes : "
         "précisez le département ; écrivez Saint-Denis (974), Saint-Denis (93) ou "
         "Saint-Denis (11)."),
        ("Zzyzx", "non retenu : aucune commune ne s’appelle « Zzyzx » ; écrivez une commune, comme "
         "« Lens (62) », ou son code INSEE."),
        ("Nouméa", "« Nouméa » non retenu : hors de l’atlas : collectivité d’outre-mer ; écrivez "
         "une commune, comme « Lens (62) », ou son code INSEE."),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_never_guessed_and_said_in_one_sentence(text, said):
    decision, there = meant(text)
    assert decision is None
    assert refused(12, text, there).replace("\u00a0", " ") == f"Ligne 12, {said}"


def test_decisions_of_before_are_read_and_an_odd_one_changes_nothing(table):
    understood = understand(table(ROWS))
    old = json.dumps({"Commune": "Saint-Denis", "Dép": ""}, ensure_ascii=False, sort_keys=True)
    odd = {"[": LILLE, '["A1"]': LILLE, old: {"code_insee": "93066"}}
    assert [one.code_insee for one in settled(understood, odd)] == ["93066", "93066", "62498", None]
    assert written({"zut": "1"}) == ""
