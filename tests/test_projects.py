"""The shipped data against the book: facts that a reader can check by hand, page by page."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shipped import folder, read_atlas
from villeactive.collections.publication import publication_faults
from villeactive.geography.referential import read_communes, read_programmes
from villeactive.programmes import known_programmes
from villeactive.vocabulary import terms
from villeactive.wording import facts

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "seeds" / "000_37acb76a2ec07d91.txt"

FOLDER, KINDS = folder(), read_atlas().kinds
ORGANISATIONS, SHEETS, BOOK = FOLDER.organisations, FOLDER.sheets, FOLDER.publication

# id: commune of the symbol, population printed in the book, pages, topic.
PROJECTS = {
    "usinerie": ("71076", 45390, range(8, 14), "entrepreneuriat"),
    "issoire-industrie-40": ("63178", 14564, range(14, 20), "formation"),
    "cocotte-minute": ("33240", 5699, range(20, 26), "tiers-lieux"),
    "corpoworking": ("32147", None, range(26, 28), "tiers-lieux"),
    "dieppe-cnam": ("76217", 29965, [28], "formation"),
    "laval-level": ("53130", 49733, [28, 29], "tiers-lieux"),
    "lens-ecole-production": ("62498", 30413, [29], "formation"),
    "sens-penelope-barre": ("89387", 26688, [29], "economie-solidaire"),
    "cholet-ifto": ("49099", 53800, [29], "formation"),
    "les-mureaux-110-cultures": ("78440", 32048, [29], "transition-ecologique"),
    "shop-in-romans": ("26281", 33465, range(34, 40), "artisanat-commerce"),
    "rochefort-pole-aeronautique": ("17299", 65000, range(40, 46), "industrie"),
    "lainamac": ("23008", 3496, range(46, 52), "savoir-faire"),
    "observatoire-territoires-industrie": ("22093", None, range(52, 54), "industrie"),
    "saint-nazaire-manager-centre-ville": ("44184", 69784, [54], "artisanat-commerce"),
    "plouhinec-ateliers-jean-moulin": ("29197", None, [54], "tiers-lieux"),
    "strasbourg-industrie-magnifique": ("67482", 277270, [55], "industrie"),
    "lisieux-filature-possibles": ("14366", 20771, [55], "tiers-lieux"),
    "saint-omer-la-station": ("62765", 14343, [55], "tiers-lieux"),
    "isle-jourdain-velopole": ("32160", 8568, [55], "transition-ecologique"),
}

MENTIONS = {
    "valence-romans-start-up-territoire": "26362",
    "istres-tiers-lieux-apprenants": "13047",
    "digne-les-bains-tiers-lieux": "04070",
    "beauvais-fabrique-prospective": "60057",
    "bourg-en-bresse-fabrique-prospective": "01053",
    "lorient-fabrique-prospective": "56121",
    "saint-die-des-vosges-fabrique-prospective": "88413",
    "puy-en-velay-manufacture-dentelle": "43157",
    "porte-de-pantin-centre-logistique": "75056",
}

FABRIQUE = [name for name in MENTIONS if name.endswith("fabrique-prospective")]

# Proper names and titles, given as the book prints them: they cut a run of words.
NAMES = [
    BOOK.essay("besson").title.fr,
    "Valence-Romans, capitale des start-up de territoire",
    *(reading.link.label.fr for reading in BOOK.readings),
    *(organisation.name for organisation in ORGANISATIONS.values()),
    *(
        term.label.split(" (", maxsplit=1)[0]
        for some in (known_programmes(), terms("labels"), read_atlas().themes)
        for term in some.values()
    ),
    "Chambre régionale des métiers et de l’artisanat",
]


def values(name: str) -> set[float]:
    """Give every figure of a sheet, upper bounds included."""
    figures = SHEETS[name].figures
    return {
        value
        for figure in figures
        for value in (figure.value, figure.value_max)
        if value is not None
    }


def dates(name: str) -> set[str | None]:
    """Give the dates of a sheet's timeline, as « date » or « date/end »."""
    return {
        f"{event.date}/{event.end}" if event.end else event.date for event in SHEETS[name].timeline
    }


def role(name: str, which: str) -> set[str]:
    """Give the organisations of a sheet in one role."""
    return {actor.organisation for actor in getattr(SHEETS[name], which) if actor.organisation}


def texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Give (where, text) for every French text below a model."""
    if isinstance(value, dict):
        if isinstance(value.get("fr"), str):
            yield where, value["fr"]
        else:
            for key, inner in value.items():
                yield from texts(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{where}.{index}")


TEXTS = [
    pair
    for name, model in {**SHEETS, "book": BOOK}.items()
    for pair in texts(model.model_dump(), name)
]


def test_the_book_has_20_projects_and_mentions_apart():
    kinds = Counter(sheet.kind for sheet in SHEETS.values())
    assert kinds == {"projet": 6, "outil": 2, "initiative": 12, "mention": 9}
    assert sum(KINDS[sheet.kind].counted for sheet in SHEETS.values()) == 20
    assert {name for name, sheet in SHEETS.items() if KINDS[sheet.kind].counted} == set(PROJECTS)
    assert {name for name, sheet in SHEETS.items() if not KINDS[sheet.kind].counted} == set(
        MENTIONS
    )


def test_each_chapter_has_10_projects():
    themes = Counter(sheet.theme for sheet in SHEETS.values() if KINDS[sheet.kind].counted)
    assert themes == {"apprendre-travailler": 10, "filieres-productions": 10}


def test_there_are_6_to_9_topics_and_each_serves():
    assert 6 <= len(terms("topics")) <= 9
    assert {sheet.topic for sheet in SHEETS.values()} == set(terms("topics"))


def test_the_programmes_of_the_book_are_cited():
    assert {code for sheet in SHEETS.values() for code in sheet.programmes_cited} >= {
        "ACV",
        "PVD",
        "FABT",
        "MANUP",
    }


def test_ids_are_in_kebab_case():
    names = [*SHEETS, *ORGANISATIONS]
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


@pytest.mark.parametrize("name", PROJECTS)
def test_place_population_pages_and_topic_of_each_project(name):
    code, population, pages, topic = PROJECTS[name]
    sheet = SHEETS[name]
    assert sheet.places[0].code_insee == code
    assert sheet.places[0].population_cited == population
    assert sheet.reference.pages == list(pages)
    assert sheet.topic == topic


def test_the_ateliers_jean_moulin_are_in_finistere_and_what_is_printed_stays_in_a_note():
    sheet = SHEETS["plouhinec-ateliers-jean-moulin"]
    commune = read_communes().loc["29197"]
    assert (commune["name"], commune["departement"]) == ("Plouhinec", "29")
    assert commune["population"] == 3919
    (note,) = [note.fr for note in sheet.notes if "Morbihan" in note.fr]
    assert "5\u202f307" in note
    assert "neighbour" not in {link.relation for link in sheet.related}
    assert sheet.id not in {link.id for link in SHEETS["lorient-fabrique-prospective"].related}


def test_what_the_lists_placed_in_a_namesake_is_where_it_stands():
    rows = read_programmes()
    dated = rows[rows["code_insee"] == "29197"].set_index("programme")["since"]
    assert dated.dropna().to_dict() == {"PVD": "2021-04-20", "ORT": "2022-07-11"}
    assert set(dated.index) == {"PVD", "ORT", "FABT", "MANUP"}
    held = rows.groupby("programme")["code_insee"].agg(list)
    assert held["FABT"].count("29197") == 1
    assert "56169" not in held["FABT"]
    assert (held["MANUP"].count("97126"), held["MANUP"].count("97414")) == (1, 0)
    assert len(set(held["MANUP"])) == 97


@pytest.mark.parametrize("name", MENTIONS)
def test_place_of_each_mention(name):
    assert SHEETS[name].places[0].code_insee == MENTIONS[name]
    assert SHEETS[name].places[0].population_cited is None


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("usinerie", "Soutien à l’entrepreneuriat"),
        ("issoire-industrie-40", "Accès à la formation"),
        ("cocotte-minute", "Nouveaux espaces de travail partagés"),
        ("shop-in-romans", "Réimplanter l’artisanat en centre historique"),
        ("rochefort-pole-aeronautique", "Requalifier un ancien arsenal militaire"),
        ("lainamac", "L’exemple de la filière laine et textile de la Creuse"),
        ("dieppe-cnam", None),
        ("strasbourg-industrie-magnifique", None),
    ],
)
def test_the_books_own_topic(name, printed):
    assert SHEETS[name].topic_cited == printed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("usinerie", {"2022-09"}),
        ("issoire-industrie-40", {"2018-11", "2019-12", "2020-10", "2021-10"}),
        ("cocotte-minute", {"2015-04", "2018", "2019-05", "2022"}),
        ("corpoworking", {"2023"}),
        ("shop-in-romans", {"2015", "2018", "2021", "2022"}),
        (
            "rochefort-pole-aeronautique",
            {"2013-06", "2015", "2016/2017", "2018-03", "2018/2020", "2021/2022", "2022-09"},
        ),
        ("lainamac", {"2009", "2016", "2018", "2022", None}),
        ("observatoire-territoires-industrie", {"2018-11", "2019", "2018"}),
        ("dieppe-cnam", {"2020"}),
        ("laval-level", {"2023"}),
        ("lens-ecole-production", {"2017"}),
        ("sens-penelope-barre", {"1994"}),
        ("cholet-ifto", {"2020"}),
        ("les-mureaux-110-cultures", {"2020"}),
        ("saint-nazaire-manager-centre-ville", {"2019"}),
        ("plouhinec-ateliers-jean-moulin", {"2019"}),
        ("strasbourg-industrie-magnifique", {"2016"}),
        ("lisieux-filature-possibles", {"2022-09"}),
        ("saint-omer-la-station", {"2019-11"}),
        ("isle-jourdain-velopole", {"2010"}),
        ("valence-romans-start-up-territoire", {"2016", "2018", "2019", "2021"}),
    ],
)
def test_dates_of_the_book(name, expected):
    assert expected <= dates(name)


@pytest.mark.parametrize(
    ("name", "date", "about", "status"),
    [
        ("laval-level", "2023", "fin", "planned"),
        ("corpoworking", "2023", "début", "planned"),
        ("rochefort-pole-aeronautique", "2015", "fin", "done"),
        ("valence-romans-start-up-territoire", "2021", "fin", "done"),
        ("lainamac", None, None, "planned"),
        ("istres-tiers-lieux-apprenants", None, None, "under-way"),
    ],
)
def test_dates_that_are_vague_or_to_come_stay_so(name, date, about, status):
    seen = {(event.date, event.about, event.status) for event in SHEETS[name].timeline}
    assert (date, about, status) in seen


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("usinerie", {4000}),
        ("issoire-industrie-40", {32.1}),
        ("cocotte-minute", {104384, 52, 28000, 17}),
        ("corpoworking", {150, 500, 11, 3, 1500}),
        ("shop-in-romans", {14, 11, 708, 60, 40, 20, -15.85, -48, 23, 19, 1.7e6, 2e6}),
        ("rochefort-pole-aeronautique", {27, 16, 15, 25, 24000, 10}),
        ("lainamac", {600, 42, 180, 12, 6, 30, 350, 55000, 10}),
        ("observatoire-territoires-industrie", {25, 146, 20, 12, 57}),
        ("dieppe-cnam", {450}),
        ("valence-romans-start-up-territoire", {1500, 43, 100}),
    ],
)
def test_figures_of_the_book(name, expected):
    assert expected <= values(name)


def test_the_rent_aid_of_romans_is_a_table_of_five_rates():
    rates = [
        figure.value for figure in SHEETS["shop-in-romans"].figures if figure.unit == "% du loyer"
    ]
    assert rates == [60, 40, 20, 40, 20]


def test_the_money_of_issoire_never_counts_the_grant_of_the_region_twice():
    lines = SHEETS["issoire-industrie-40"].budget
    assert [(line.payer, line.amount_eur) for line in lines] == [
        ("universite-clermont-auvergne", 31000),
        ("region-auvergne-rhone-alpes", 20000),
        ("ville-issoire", 31000),
        ("agglo-pays-issoire", 2000),
    ]
    assert {line.tax for line in lines} == {"HT"}
    assert lines[1].part_of == lines[0].id
    assert lines[3].nature == "running"
    assert lines[3].year == 2021


def test_the_money_of_romans_is_a_yearly_cost():
    (line,) = SHEETS["shop-in-romans"].budget
    assert (line.amount_eur, line.per) == (20000, "year")


def test_the_money_of_rochefort_is_four_lines_paid_by_the_caro():
    lines = SHEETS["rochefort-pole-aeronautique"].budget
    assert [line.amount_eur for line in lines] == [4e6, 4e6, 1.5e6, 2e5]
    assert {line.payer for line in lines} == {"ca-rochefort-ocean"}


def test_amounts_are_known_only_where_the_book_prints_them():
    known = {name for name, sheet in SHEETS.items() if sheet.budget}
    assert known == {"issoire-industrie-40", "shop-in-romans", "rochefort-pole-aeronautique"}


@pytest.mark.parametrize(
    ("name", "emails"),
    [
        ("usinerie", ["l.grosselin@lusinerie-partners.com"]),
        ("issoire-industrie-40", ["juliette.dumuin@capissoire.fr"]),
        ("cocotte-minute", ["cocotte.info@gmail.com"]),
        (
            "corpoworking",
            ["pierre.souloumiac@actionlogement.fr", "lola.davidson@actionlogement.fr"],
        ),
        ("shop-in-romans", ["edubreucq@ville-romans26.fr"]),
        ("rochefort-pole-aeronautique", ["s.laval@agglo-rochefortocean.fr"]),
        ("lainamac", ["cen@aubusson.fr", "g.cauchy@lainamac.fr"]),
        ("observatoire-territoires-industrie", ["caroline.granier@la-fabrique.fr"]),
    ],
)
def test_contacts_of_the_book(name, emails):
    assert [contact.email for contact in SHEETS[name].contacts] == emails


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("usinerie", "https://youtu.be/TprfrAPcHTg"),
        ("issoire-industrie-40", "https://youtu.be/EbKPHTH5lxU"),
        ("cocotte-minute", "https://youtu.be/P2o-0iJ9fVw"),
        ("shop-in-romans", "https://youtu.be/513WSHKvY5I"),
        ("rochefort-pole-aeronautique", "https://youtu.be/IjrmUKoHe2c"),
        (
            "observatoire-territoires-industrie",
            "https://www.la-fabrique.fr/fr/projet/observatoire-des-territoires-dindustrie/",
        ),
        *(
            (
                name,
                "https://agence-cohesion-territoires.gouv.fr/sites/default/files/2022-01/"
                "211109-ANCT-Comprendre-VillesMoyennes_MED.pdf",
            )
            for name in FABRIQUE
        ),
    ],
)
def test_links_of_the_book(name, url):
    assert url in [link.url for link in SHEETS[name].links]


@pytest.mark.parametrize(
    ("name", "which", "expected"),
    [
        (
            "usinerie",
            "funders",
            {
                "grand-chalon",
                "etat",
                "region-bourgogne-franche-comte",
                "departement-saone-et-loire",
            },
        ),
        ("usinerie", "architects", {"vurpas-architectes"}),
        (
            "issoire-industrie-40",
            "commissioners",
            {"agglo-pays-issoire", "ville-issoire", "braincube"},
        ),
        (
            "cocotte-minute",
            "funders",
            {"region-nouvelle-aquitaine", "pnr-medoc", "departement-gironde", "anct"},
        ),
        ("rochefort-pole-aeronautique", "commissioners", {"ca-rochefort-ocean"}),
        (
            "laval-level",
            "commissioners",
            {"level-scic", "coodem", "titi-floris", "apess-53", "apf-france-handicap"},
        ),
        ("laval-level", "architects", {"atelier-belenfant-daubas"}),
        ("les-mureaux-110-cultures", "commissioners", {"de-watou", "ptce-vivre-les-mureaux"}),
        ("les-mureaux-110-cultures", "architects", {"fonciere-bellevilles"}),
        ("saint-nazaire-manager-centre-ville", "commissioners", {"saint-nazaire-agglomeration"}),
        ("lisieux-filature-possibles", "commissioners", {"ca-lisieux-normandie"}),
        ("lisieux-filature-possibles", "architects", {"atelier-bettinger-desplanques"}),
        ("saint-omer-la-station", "commissioners", {"ca-pays-saint-omer"}),
        ("saint-omer-la-station", "architects", {"nathalie-tkint", "richez-associes"}),
        ("dieppe-cnam", "partners", {"cnam"}),
        ("cholet-ifto", "partners", {"banque-des-territoires", "ifto"}),
    ],
)
def test_who_pays_orders_and_builds(name, which, expected):
    assert role(name, which) == expected


def test_the_seven_founders_of_the_observatory():
    founders = {
        "fabrique-industrie",
        "anct",
        "banque-des-territoires",
        "institut-recherche-cdc",
        "intercommunalites-france",
        "regions-france",
        "fondation-mines-paristech",
    }
    assert founders <= role("observatoire-territoires-industrie", "partners")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("corpoworking", {"32147", "31069", "09282"}),
        ("observatoire-territoires-industrie", {"22093", "16015", "16102", "76217"}),
        ("valence-romans-start-up-territoire", {"26362", "26281"}),
    ],
)
def test_projects_of_several_sites(name, codes):
    assert {place.code_insee for place in SHEETS[name].places} == codes


def test_what_a_population_counts():
    (rochefort,) = SHEETS["rochefort-pole-aeronautique"].places
    assert (rochefort.scale, rochefort.population_counts) == ("epci", "epci")
    valence = SHEETS["valence-romans-start-up-territoire"].places[0]
    assert (valence.scale, valence.siren) == ("epci", "200068781")


@pytest.mark.parametrize(
    ("name", "programmes"),
    [
        ("dieppe-cnam", {"ACV"}),
        ("puy-en-velay-manufacture-dentelle", {"MANUP"}),
        *((name, {"ACV"}) for name in FABRIQUE),
        ("laval-level", set()),
        ("strasbourg-industrie-magnifique", set()),
        ("digne-les-bains-tiers-lieux", set()),
    ],
)
def test_programmes_that_the_book_names(name, programmes):
    assert set(SHEETS[name].programmes_cited) == programmes


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("laval-level", {"scic"}),
        ("les-mureaux-110-cultures", {"ptce"}),
        ("isle-jourdain-velopole", {"pole-excellence-rurale"}),
        ("valence-romans-start-up-territoire", {"tiga"}),
        ("digne-les-bains-tiers-lieux", {"popsu-territoires"}),
        ("lainamac", {"indication-geographique", "unesco", "entreprise-patrimoine-vivant"}),
    ],
)
def test_other_labels(name, labels):
    assert labels <= set(SHEETS[name].labels)


@pytest.mark.parametrize("name", ["usinerie", "rochefort-pole-aeronautique"])
def test_impacts_that_the_book_only_expects_are_not_said_observed(name):
    assert {impact.status for impact in SHEETS[name].impacts} == {"expected"}


def test_the_lessons_are_three_directions_four_levers_and_four_principles():
    kinds = Counter(lesson.kind for lesson in BOOK.lessons)
    assert kinds == {"piste": 3, "levier": 4, "principe": 4}
    for essay in ("besson", "boutet", "bourdon"):
        ranks = [lesson.rank for lesson in BOOK.lessons_of(essay)]
        assert ranks == list(range(1, len(ranks) + 1))


def test_the_essays_and_their_authors():
    assert [(essay.author, essay.pages) for essay in BOOK.essays] == [
        ("Hélène Peskine", []),
        ("Marthe Pommié", [7]),
        ("Raphaël Besson", [30, 31]),
        ("Annabelle Boutet", [33]),
        ("Achille Bourdon", [56, 57]),
    ]


def test_the_figures_of_the_fabriques_and_manufactures():
    seen = [(figure.value, figure.value_max) for figure in BOOK.essay("pommie").figures]
    assert seen == [(60, None), (40, None), (100, None), (3, 4)]


def test_the_books_own_contacts():
    assert [(contact.name, contact.email, contact.phone) for contact in BOOK.contacts] == [
        (
            "Florentin Cornée",
            "florentin.cornee@developpement-durable.gouv.fr",
            "01 40 81 91 26",
        ),
        ("Marguerite de Metz", "marguerite.demetz@anct.gouv.fr", "01 85 58 61 49"),
    ]


def test_the_see_also_links_are_whole_again():
    links = {reading.link.url: reading.theme for reading in BOOK.readings}
    anct = "https://agence-cohesion-territoires.gouv.fr/sites/default/files/"
    assert links == {
        "https://francetierslieux.fr/wp-content/uploads/2022/04/"
        "Rapport-France-Tiers-Lieux-2021-complet.pdf": "apprendre-travailler",
        "https://hyperliens.societenumerique.gouv.fr/": "apprendre-travailler",
        "https://www.la-fabrique.fr/fr/seminaire/observatoire-des-territoires-dindustrie/": (
            "filieres-productions"
        ),
        anct + "2020-12/0254_anct-territoires-d-industrie_web_1.pdf": "filieres-productions",
        anct + "2021-06/LPR_ANCT_EtudeESS_Leviers_Rapportfinal_160521-2.pdf": (
            "filieres-productions"
        ),
    }


def test_the_sections_hold_every_sheet_on_its_pages():
    placed = [name for section in BOOK.sections for name in section.projects]
    assert sorted(placed) == sorted(SHEETS)
    for section in BOOK.sections:
        for name in section.projects:
            assert set(SHEETS[name].reference.pages) <= set(section.pages), name
            assert SHEETS[name].theme == section.theme, name


def test_the_book_has_no_dead_reference():
    assert publication_faults(BOOK, sheets=set(SHEETS), organisations=set(ORGANISATIONS)) == []


def test_slips_of_the_book_do_not_pass_into_the_atlas():
    kept = [
        (where, text)
        for where, text in TEXTS
        if not re.match(r"[\w-]+\.(notes|mended)\b", where)
        and re.search(r"Lainama\b|basching|pourront embauchés|établissement publique", text)
    ]
    assert kept == []


STRAIGHT = re.compile(r"['\"]")
SPACED = re.compile(
    r"(?<![\u00a0\u202f])[;!?%€»](?!\d)|(?<![\u00a0\u202f])(?<!\d):(?!//)|«(?!\u00a0)"
)
THOUSANDS = re.compile(r"\d[ \u00a0]\d{3}(?!\d)|(?<![\d,])[1-9]\d{4,}")
OE = re.compile(r"\b([cC]oeur|[oO]euvre|[sS]oeur|[nN]oeud)")


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("apostrophe ou guillemet droit", STRAIGHT),
        ("espace insécable manquante", SPACED),
        ("milliers mal séparés", THOUSANDS),
        ("œ écrit oe", OE),
        ("espace double ou perdue", re.compile(r"  |^\s|\s$|\n")),
        ("trois points au lieu de …", re.compile(r"\.\.\.")),
    ],
    ids=["apostrophe", "insecable", "milliers", "oe", "espaces", "points"],
)
def test_french_typography(fault, pattern):
    faulty = [f"{where} : {text}" for where, text in TEXTS if pattern.search(text)]
    assert faulty == [], fault


def folded(text: str) -> str:
    """Fold a text to its words: no case, accents, punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", plain.lower()))


def runs(text: str, length: int = 8) -> set[str]:
    """Give every run of consecutive words of a folded text."""
    found = text.split()
    return {" ".join(found[i : i + length]) for i in range(len(found) - length + 1)}


def without_names(text: str) -> str:
    """Fold a text and put a mark in the place of each proper name."""
    ours = f" {folded(text)} "
    for name in sorted(map(folded, NAMES), key=len, reverse=True):
        ours = ours.replace(f" {name} ", " ¤ ")
    return ours


def quoted(where: str, text: str) -> bool:
    """Tell the fields that give the book's own words on purpose: roles of people, its titles."""
    return where.endswith(".role") or text.startswith("Titre du livre")


def test_the_texts_are_ours():
    if not SEED.exists():
        pytest.skip(f"le texte du livre manque : {SEED.relative_to(ROOT.parent)}")
    printed = SEED.read_text(encoding="utf-8")
    # A hyphen at the end of a line parts a word, or belongs to it: both are tried.
    book = runs(folded(printed)) | runs(folded(re.sub(r"-\s*\n\s*", "", printed)))
    assert "agence nationale de la cohesion des territoires anct" in book
    copied = [
        f"{where} : {run}"
        for where, text in TEXTS
        if not quoted(where, text)
        for run in sorted(runs(without_names(text)) & book)
    ]
    assert copied == []


# What once said more, less or otherwise than the book, or was no French: never again.
BENT = (
    r"\bpays\b(?! d|\.| et|, l)|attirant|attrayant(?!\.)|surtout à vélo|lisière|prix doux|savants|"
    r"font la Creuse|manque de bras|Sa peine|sans carbone|consommer durable\b|CARO qui paie|"
    r"l’offre se varie|cessent de croître|L’école d’hier|croyait perdus|loi Elan|GrandAngoulême|"
    r"Cité de la [Tt]apisserie|Lamballe Terre et Mer|par l’ANCT en novembre|"
    r"respect des risques|sol à économiser|qui forme, cherche"
)


def test_meanings_once_bent_stay_mended():
    names = [(name, organisation.shown) for name, organisation in ORGANISATIONS.items()]
    said = [pair for pair in (*TEXTS, *names) if "livre" not in pair[1]]
    assert [f"{where} : {text}" for where, text in said if re.search(BENT, text)] == []


def test_what_is_ours_or_outside_the_identity_card_says_so():
    cards = {
        "cocotte-minute": {"reseau-medoc-tiers-lieux", "poulailler"},
        "shop-in-romans": {"chambre-regionale-metiers-artisanat"},
        "rochefort-pole-aeronautique": {
            "ville-rochefort", "airbus-atlantic", "arsenal-technopole", "innofactory",
        },
        "lainamac": {"lainamac", "ville-aubusson", "cite-tapisserie"},
    }  # fmt: skip
    marked = {
        (name, actor.organisation)
        for name, sheet in SHEETS.items()
        for _, actor in sheet.actors()
        if actor.note and "hors fiche d’identité" in actor.note.fr
    }
    assert marked == {(name, actor) for name, actors in cards.items() for actor in actors}


def test_the_funders_of_lainamac_are_seven_each_once():
    assert [actor.organisation for actor in SHEETS["lainamac"].funders] == [
        "region-nouvelle-aquitaine",
        "commissariat-massif-central",
        "departement-creuse",
        "drac-nouvelle-aquitaine",
        "cc-creuse-grand-sud",
        "chambres-consulaires-creuse",
        "ville-felletin",
    ]


def test_institutions_are_what_they_are():
    assert ORGANISATIONS["france-tiers-lieux"].kind == "public-local"
    assert terms("organisation_kinds")["public-local"].label == "Organisme public ou parapublic"
    (launch,) = [e for e in SHEETS["observatoire-territoires-industrie"].timeline if e.context]
    assert (launch.date, launch.label.fr) == (
        "2018-11",
        "L’État lance le programme Territoires d’industrie",
    )
    lessons = {(lesson.essay, lesson.rank): lesson.text.fr for lesson in BOOK.lessons}
    assert "avancent ensemble" in lessons["boutet", 2]
    assert "au-delà des pionniers" in lessons["boutet", 4]
    (axis,) = [
        p for p in re.split(r"\s;\s", SHEETS["cocotte-minute"].description.fr) if "open data" in p
    ]
    assert "centre de ressources" in axis


def test_lesparre_is_a_fabrique_at_the_end_of_2022_and_undated_ones_are_said_beside(atlas):
    then = {}
    for name, sheet in SHEETS.items():
        for place in sheet.places:
            then[name, place.code_insee] = facts.carried_then(place, sheet, atlas)
    assert then["cocotte-minute", "33240"] == (("PVD", "FABT"), ())
    assert then["plouhinec-ateliers-jean-moulin", "29197"] == (("PVD", "ORT", "MANUP"), ("FABT",))
    said = facts.carried(SHEETS["cocotte-minute"].places[0], SHEETS["cocotte-minute"], atlas)
    assert said.endswith("(fin 2022\u00a0: PVD, Fabrique de territoire)")
    sheet = SHEETS["plouhinec-ateliers-jean-moulin"]
    said = facts.carried(sheet.places[0], sheet, atlas)
    assert said.endswith("\u00a0; sans date connue\u00a0: Fabrique de territoire)")


def test_strengths_and_effects_are_the_books_for_its_six_projects_only(atlas):
    for sheet in SHEETS.values():
        titles = [facts.heading(title, sheet) for title in facts.lists(sheet, atlas)]
        ours = [title for title in titles if title.endswith("(d’après l’atlas)")]
        judged = bool(sheet.strengths or sheet.impacts)
        assert bool(ours) == (judged and sheet.kind != "projet"), sheet.id


def test_a_sum_is_said_to_be_ours():
    said = {name: facts.total(sheet) for name, sheet in SHEETS.items() if sheet.budget}
    assert "9,7" in said["rochefort-pole-aeronautique"]
    assert said["rochefort-pole-aeronautique"].endswith("(investissement, somme de l’atlas)")
    assert "somme" not in said["shop-in-romans"]


def test_what_was_corrected_after_publication_is_dated():
    corrected = {one.project: one for one in BOOK.corrections if one.project}
    assert corrected["plouhinec-ateliers-jean-moulin"].date == "2026-11-28"
    assert set(corrected) <= set(SHEETS)
    assert "[2022]" in str(FOLDER.collection.citation)


def test_the_check_on_copies_sees_a_copy():
    assert runs(without_names("un deux trois quatre cinq six sept huit")) == {
        "un deux trois quatre cinq six sept huit"
    }
    assert runs(without_names("un deux trois Action cœur de ville six sept huit neuf")) == {
        "un deux trois ¤ six sept huit neuf"
    }
