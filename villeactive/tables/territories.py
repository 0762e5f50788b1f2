"""Names and codes in cells → the EPCI, départements and régions that they mean."""

import functools
import re
from dataclasses import replace

from villeactive.geography import referential
from villeactive.geography.gazetteer import (
    communes,
    current_names,
    departements,
    former_departements,
    old_names,
)
from villeactive.geography.territories import Territory, divisions, sirens
from villeactive.text import fold

_KINDS = {
    "communaute de communes": "CC", "com com": "CC", "comcom": "CC", "cc": "CC", "c c": "CC",
    "cdc": "CC", "codecom": "CC",
    "communaute d agglomeration": "CA", "communaute agglomeration": "CA", "ca": "CA", "c a": "CA",
    "agglomeration": "CA", "agglo": "CA", "communaute d agglo": "CA",
    "communaute urbaine": "CU", "cu": "CU", "c u": "CU",
    "eurometropole": "METRO", "metropole": "METRO",
    "etablissement public territorial": "EPT", "ept": "EPT",
    "communaute": "", "intercommunalite": "",
}  # fmt: skip
_GROWTH = ("CC", "CA", "CU", "METRO")
_LEAD = re.compile(rf"(?:la |l |le )?({'|'.join(sorted(_KINDS, key=len, reverse=True))})\b ?(.*)")
_OTHERS = re.compile(
    r"(?:le |la )?(?:syndicat|sivom|sivu|sivos|siaep|sictom|smictom|sirp|sitcom|smedar|petr|pnr|ept"
    r"|parc naturel|pole metropolitain|pole d equilibre|association|ccas|cias|sem|spl|office)\b.*"
)
_BODY = re.compile(
    r"(?:la |le |l |les )?(?:sarl|s a r l|sasu?|s a s|eurl|sa|s a|sci|scop|scic|snc|gie|gip|gaec"
    r"|earl|scea|epic|oph|opac|fondation|lycee|college|universite|societe|entreprise|ets|ehpad|chu"
    r"|centre hospitalier|cci|cma|chambre (?:de|d|des)|federation|comite|amicale|cooperative|esat"
    r"|mjc) .+|.+ (?:sarl|sasu?|eurl|scop|scic)"
)
_INSIDE = re.compile(
    r"\b(metropole|eurometropole|agglomeration|agglo|communaute|agglopole|intercom)\b"
)
_SMALL = frozenset(["de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "a", "au", "aux"])
_DEPARTEMENT = re.compile(
    r"(?:le )?(?:departement|conseil (?:departemental|general)|cd|cg)\b"
    r"(?: (?:de la|de l|du|des|de|d))?(?: (.+))?"
)
_REGION = re.compile(
    r"(?:la |le )?(?:region|conseil regional|collectivite(?: territoriale)?)\b"
    r"(?: (?:de la|de l|du|des|de|d))?(?: (.+))?"
)


def named_kind(text: str) -> str | None:
    """Return the scale that a name says by itself: ``epci, departement, region`` or ``other``."""
    key = fold(text)
    if is_alsace(text):
        return "departement"
    lead = _LEAD.fullmatch(key)
    if lead and lead[2] and lead[1] != "communaute":
        return "epci"
    for pattern, scale, read in (
        (_DEPARTEMENT, "departement", departements_named),
        (_REGION, "region", region),
    ):
        found = pattern.fullmatch(key)
        if found and found[1] and read(found[1]):
            return scale
    if _OTHERS.fullmatch(key) and not _is_town(key):
        return "other"
    return "epci" if _INSIDE.search(key) and epci_named(text) else None


def is_body(text: str) -> bool:
    """Tell a company or another body by its legal form: SARL Lens is not spelt like a town."""
    key = fold(text)
    return bool(_BODY.fullmatch(key)) and not _is_town(key)


def _is_town(key: str) -> bool:
    return key in current_names()[0] or key in old_names()[0]


def is_alsace(text: str) -> bool:
    """Tell the collectivité of two départements, which is neither one nor a région."""
    return _bare(fold(text)) == _ALSACE


def resolve(
    scale: str, name: str, code: str, departement_codes: frozenset | None
) -> list[Territory]:
    """Return the territories of a scale that a code or a name means: none, one or several."""
    if scale == "epci":
        known = sirens().get(re.sub(r"\s", "", code))
        return [known] if known else epci_named(name, departement_codes)
    pattern, read = _READERS[scale]
    found = pattern.fullmatch(fold(name))
    by_code = read(code, code=True) if code else []
    by_name = read(found[1] if found and found[1] else name) if name else []
    both = [territory for territory in by_name if territory.code in {t.code for t in by_code}]
    if by_code and by_name and not both and not by_name[0].former:
        return [*by_code, *by_name]
    return both or by_code or by_name


# ------------------------------------------------------------------------------------- EPCI


def _key(text: str) -> tuple[str, str, str]:
    """Return kind, words of a name without the kind at its head, and without any kind."""
    bare = fold(re.sub(r"\([^()]*\)", " ", text))
    lead = _LEAD.fullmatch(bare)
    kind, rest = (_KINDS[lead[1]], lead[2]) if lead and lead[2] else ("", bare)
    words = [word for word in rest.split() if word not in _SMALL]
    core = [word for word in words if not _INSIDE.fullmatch(word)]
    return kind, " ".join(words), " ".join(core)


def core(name: str) -> str:
    """Return the words of the name of an EPCI that are not of its kind."""
    return _key(name)[2]


@functools.cache
def _epci_names() -> tuple[dict[str, list[Territory]], dict[str, list[Territory]]]:
    """Map the words of names of EPCI to them: whole, and without words of kind."""
    whole: dict[str, list[Territory]] = {}
    core: dict[str, list[Territory]] = {}
    renamed = []
    for siren, name, nature, _, year in referential.read_former_epci().itertuples(index=False):
        now = sirens()[siren]
        if not now.former:
            note = f"nom de {year} de « {now.name} »"
            renamed.append(replace(now, name=name, nature=nature, former=note))
    for territory in [*sirens().values(), *renamed]:
        _, words, bare = _key(territory.name)
        whole.setdefault(words, []).append(territory)
        if bare:
            core.setdefault(bare, []).append(territory)
    return whole, core


def epci_named(text: str, departement_codes: frozenset | None = None) -> list[Territory]:
    """Return the EPCI that bear a name, today's before former ones."""
    kind, words, core = _key(text)
    whole, cores = _epci_names()
    found = whole.get(words, [])
    same = [t for t in found if not kind or _natures(t.nature) == kind]
    found = same or [_grown(territory, kind, text) for territory in found]
    if not found and kind:
        found = [t for t in cores.get(core, []) if _natures(t.nature) == kind]
    if departement_codes:
        found = [
            t for t in found if {communes()[c].departement for c in t.communes} & departement_codes
        ]
    found = [t for t in found if not t.former] or found
    return list({t.code: t for t in found}.values())


def _grown(territory: Territory, kind: str, text: str) -> Territory:
    """Return an EPCI that has grown from the kind given, under its name of then: CU of Lyon."""
    now = _natures(territory.nature)
    if kind not in _GROWTH or now not in _GROWTH[_GROWTH.index(kind) + 1 :]:
        return territory
    note = f"aujourd’hui «\u00a0{territory.name}\u00a0»"
    return replace(territory, name=" ".join(text.split()), former=territory.former or note)


def _natures(nature: str) -> str:
    return "METRO" if nature == "MET69" else nature


# -------------------------------------------------------------------- départements and régions


def departement(text: str, *, code: bool = False) -> Territory | None:
    """Return the département of a name, today's or former, or of a number."""
    key = fold(text)
    key = key[2:] if re.fullmatch(r"20[ab]", key) else key
    codes = departements().get(f"2{key}" if key in ("a", "b") else key, frozenset())
    if len(codes) != 1 or code and not re.fullmatch(r"\d{1,3}|2[ab]|[ab]", key):
        return None
    now = divisions()["departement"].get(next(iter(codes)))
    if now and key in former_departements():
        return replace(now, name=former_departements()[key], former=f"ancien nom de {now.name}")
    return now


def departements_named(text: str, *, code: bool = False) -> list[Territory]:
    """Return the département of a name or a code, or those that share it: Alsace, Seine."""
    one = departement(text, code=code)
    key = _bare(fold(text))
    if one or key not in (_SHARED_CODES if code else _SHARED):
        return [one] if one else []
    return [divisions()["departement"][each] for each in sorted(departements()[key])]


@functools.lru_cache(maxsize=10_000)
def region(text: str, *, code: bool = False) -> Territory | None:
    """Return the région of a name or a code, today's or, by name or code, that of before 2016."""
    key = fold(text)
    by_code, by_name = _region_index()
    if re.fullmatch(r"\d{1,2}", key):
        return by_code.get(key.zfill(2))
    if code:
        return None
    return by_name.get(re.sub(r"^(region|la|le|les|l) ", "", re.sub(r"^\d{1,2} ", "", key)))


@functools.cache
def _region_index() -> tuple[dict[str, Territory], dict[str, Territory]]:
    """Map codes, and folded names without their article, to régions; today's win."""
    known = divisions()
    by_code = {territory.code: territory for territory in known["former"].values()}
    by_name = {_bare(name): territory for name, territory in known["former"].items()}
    for code, territory in known["region"].items():
        by_code[code] = territory
        for name in {fold(territory.name), *_ALSO.get(code, ())}:
            by_name[_bare(name)] = territory
    return by_code, by_name


def _bare(name: str) -> str:
    return re.sub(r"^(la|le|les|l) ", "", name)


_ALSO = {
    "04": {"reunion"},
    "11": {"idf"},
    "24": {"centre val de loire", "cvl"},
    "27": {"bfc"},
    "32": {"hdf"},
    "52": {"pdl"},
    "84": {"ara", "aura"},
    "93": {"paca", "provence alpes cote d azur", "sud", "sud provence alpes cote d azur"},
}

_ALSACE = "collectivite europeenne d alsace"
_SHARED_CODES = frozenset({"6ae", "20"})
_SHARED = frozenset({_ALSACE, "alsace", "corse", "seine", "seine et oise"}) | _SHARED_CODES


def _one_region(text: str, *, code: bool = False) -> list[Territory]:
    found = region(text, code=code)
    return [found] if found else []


_READERS = {"departement": (_DEPARTEMENT, departements_named), "region": (_REGION, _one_region)}
