"""The one search: what one types, what comes first."""

import gc
from dataclasses import replace

import pytest

from villeactive.analysis import search
from villeactive.analysis.fuzzy_index import NEVER, Words
from villeactive.analysis.search import FORMER, KINDS, ONE_EDIT, WORD, Hit, find, prepare
from villeactive.geography.referential import read_communes

FIRST = [
    # text, kind, id
    ("epinal", "commune", "88160"),
    ("ÉPINAL", "commune", "88160"),
    ("L'Haÿ", "commune", "94038"),
    ("L’Haÿ", "commune", "94038"),
    ("l hay les roses", "commune", "94038"),
    ("maisons alfort", "commune", "94046"),
    ("maisonsalfort", "commune", "94046"),
    ("maisonalfort", "commune", "94046"),
    ("st dié", "commune", "88413"),
    ("ste mere eglise", "commune", "50523"),
    ("rommans", "commune", "26281"),
    ("strabourg", "commune", "67482"),
    ("marselle", "commune", "13055"),
    ("Saint-Étiene", "commune", "42218"),
    ("chalon sur sone", "commune", "71076"),
    ("cahlon sur saone", "commune", "71076"),
    ("villeneuve d'asq", "commune", "59009"),
    ("71076", "commune", "71076"),
    ("71100", "commune", "71076"),
    ("2a004", "commune", "2A004"),
    ("lens 62300", "commune", "62498"),
    ("rochefort 17", "commune", "17299"),
    ("saint denis réunion", "commune", "97411"),
    ("saint denis 93", "commune", "93066"),
    ("lamballe", "commune", "22093"),
    ("paris 11e", "commune", "75056"),
    ("le havre", "commune", "76351"),
    ("havre", "commune", "76351"),
    ("mureaux", "commune", "78440"),
    ("cnam", "organisation", "cnam"),
    ("conservatoire national des arts", "organisation", "cnam"),
    ("grand chalon", "organisation", "grand-chalon"),
    ("usinerie", "project", "usinerie"),
    ("l'usinerie", "project", "usinerie"),
    ("dentelle", "project", "puy-en-velay-manufacture-dentelle"),
    ("velopole", "project", "isle-jourdain-velopole"),
]


def ids(hits: list[Hit], kind: str = "commune") -> list[str]:
    return [hit.id for hit in hits if hit.kind == kind]


@pytest.mark.parametrize(("text", "kind", "expected"), FIRST, ids=[row[0] for row in FIRST])
def test_what_comes_first(atlas, text, kind, expected):
    first = find(text, atlas)[0]
    assert (first.kind, first.id) == (kind, expected)


def test_homonyms_come_by_population(atlas):
    hits = find("saint denis", atlas)
    assert ids(hits)[:2] == ["97411", "93066"]
    communes = read_communes()
    named = [code for code in ids(hits) if communes.name[code] == "Saint-Denis"]
    population = communes.population[named]
    assert population.is_monotonic_decreasing


def test_sheets_come_before_population_on_the_same_step(atlas):
    hits = ids(find("romans", atlas))
    # two communes are called Romans; Romans-sur-Isère only begins so
    assert hits[:3] == ["79231", "01328", "26281"]
    # Sens has a sheet, larger towns in « s » have none
    assert ids(find("sens", atlas))[0] == "89387"


def test_the_steps_are_in_order(atlas):
    former, mistyped = find("lamballe", atlas)[0], find("rommans", atlas)[0]
    assert former.score > FORMER > WORD > ONE_EDIT + 9 > ONE_EDIT
    assert ONE_EDIT < mistyped.score < ONE_EDIT + 10
    for text in ("chalon", "saint", "ville", "tiers lieu"):
        scores = [hit.score for hit in find(text, atlas, n=60)]
        assert scores == sorted(scores, reverse=True)


def test_every_letter_typed_keeps_the_town_in_sight(atlas):
    for end in range(3, len("strasbourg") + 1):
        assert "67482" in ids(find("strasbourg"[:end], atlas))


def test_a_former_name_is_told(atlas):
    assert find("lamballe", atlas)[0].detail == (
        "Côtes-d'Armor (22), 17\u202f241 habitants, 1 fiche, commune déléguée\u00a0: Lamballe"
    )
    assert "Lamballe" not in find("lamballe armor", atlas)[0].detail


def test_epci_and_departement_find_their_communes(atlas):
    assert ids(find("grand chalon", atlas))[0] == "71076"
    saone = ids(find("saone et loire", atlas, n=700))
    assert saone[0] == "71076"
    communes = read_communes()
    assert set(communes.index[communes.departement == "71"]) <= set(saone)


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", "'’-", "北京", "\x00", "%", "a" * 200, "\\", "~"]
)
def test_nothing_found_is_an_empty_list(atlas, text):
    assert find(text, atlas) == []


HOSTILE = [
    "z " * 100,
    "saint " * 33,
    "s a i n t l e d e p a r t " * 8,
    "<script>alert(1)</script>" * 8,
    "' OR 1=1 --" * 18,
    "1234567890" * 20,
    "abcdefg hijklmn opqrstu vwxyzab " * 6,
    "é" * 200,
    "ﬁ" * 200,
    "Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson" * 4,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_answered(atlas, text):
    hits = find(text, atlas)
    assert len(hits) <= 12
    assert all(isinstance(hit, Hit) and hit.kind in KINDS for hit in hits)


def test_as_many_as_asked(atlas):
    assert len(find("saint", atlas, n=30)) == 30
    assert find("saint", atlas, n=30)[:12] == find("saint", atlas)
    assert find("saint", atlas, n=0) == []


def test_everything_is_found_by_its_own_name(atlas):
    index = prepare(atlas)
    for project, title in atlas.projects["title"].items():
        assert project in ids(find(title, atlas), "project")
    for organisation in atlas.organisations.values():
        assert organisation.id in ids(find(organisation.shown, atlas), "organisation")
    territories = 18 + 101 + 1_255
    known = len(atlas.projects) + len(atlas.organisations)
    assert len(index.entries) == 34_875 + territories + known


def test_a_sample_of_communes_is_found_by_name_and_by_code(atlas):
    for code, row in read_communes().sample(60, random_state=5).iterrows():
        assert code in ids(find(row["name"], atlas, n=60))
        assert code in ids(find(code, atlas))


def test_one_index_per_atlas(atlas):
    assert prepare(atlas) is prepare(atlas)


# ------------------------------------------------------------------------------- counting edits


def plain_distance(one: str, two: str) -> int:
    """Optimal string alignment, as the books write it."""
    grid = [[i + j if 0 in (i, j) else 0 for j in range(len(two) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(two) + 1):
            grid[i][j] = min(
                grid[i - 1][j] + 1,
                grid[i][j - 1] + 1,
                grid[i - 1][j - 1] + (one[i - 1] != two[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == two[j - 2] and one[i - 2] == two[j - 1]:
                grid[i][j] = min(grid[i][j], grid[i - 2][j - 2] + 1)
    return grid[-1][-1]


VOCABULARY = ["lens", "lnes", "len", "lents", "valence", "valencia", "romans", "romanswiller", "l"]


@pytest.mark.parametrize("word", ["lens", "lesn", "valance", "rommans", "vlaence", "roman"])
@pytest.mark.parametrize("allowed", [1, 2])
def test_edits_are_those_of_the_plain_algorithm(word, allowed):
    words = Words(enumerate(VOCABULARY), len(VOCABULARY))
    found = words.edits(word, allowed=allowed, typing=False)
    unfinished = words.edits(word, allowed=allowed, typing=True)
    for row, other in enumerate(VOCABULARY):
        whole = plain_distance(word, other)
        begun = min(plain_distance(word, other[:end]) for end in range(len(other) + 1))
        assert found[row] == (whole if whole <= allowed else NEVER)
        assert unfinished[row] == (begun if begun <= allowed else NEVER)


def test_a_row_keeps_its_nearest_word():
    words = Words([(0, " valance  lens"), (1, "lens "), (2, "")], 3)
    assert list(words.words) == ["lens", "valance"]
    assert words.edits("valence", allowed=2, typing=False).tolist() == [1, NEVER, NEVER]
    assert words.beginning("le").tolist() == [True, True, False]
    assert Words([], 2).edits("lens", allowed=1, typing=True).tolist() == [NEVER, NEVER]


def test_the_collector_waits_while_the_index_is_made(atlas, monkeypatch):
    """It found nothing, and took four tenths of the time."""
    during = []
    monkeypatch.setattr(search, "Index", lambda _: during.append(gc.isenabled()))
    prepare(replace(atlas))
    assert during == [False]
    assert gc.isenabled()
