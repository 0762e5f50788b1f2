"""The words by which people head their columns, role by role; add yours here."""

import re

ANYWHERE = {
    "code": "insee, cog, codgeo, depcom, codecommune, codeinsee, com code, insee com, code com, "
    "code commune, code territoire",
    "lon": "lon, lng, long, longitude, coord x, coordx, x, x wgs84, xcoord",
    "lat": "lat, latitude, coord y, coordy, y, y wgs84, ycoord",
    "point": "geopoint, geo point, geopoint 2d, geo point 2d, geo point2d, coordonnees, "
    "coordonnee, "
    "geolocalisation, geoloc, latlon, lat lon, wkt, geom, geometry, gps, centroid, centroide, "
    "point",
    "name": "commune, communes, ville, villes, libgeo, libcom, lib com, nom com, localite, nomcom, "
    "municipalite, com name, commune nom, lieu, territoire, territoires, collectivite, "
    "town, city, municipality",
    "address": "adresse, address, voie, rue, localisation, adr, siege",
    "link": "url, lien, site, site web, site internet, web, link, page",
    "contact": "contact, contacts, mail, mel, courriel, email, e mail, telephone, tel, portable, "
    "responsable, referent, referente, prenom, interlocuteur, civilite, nom usage, correspondant",
    "amount": "montant, montants, subvention, subventions, cout, couts, budget, aide, aides, "
    "depense, depenses, financement, euro, euros, eur, ht, ttc, dotation, attribue, accorde, "
    "accordee, assiette, prix, amount, grant, funding, "
    "enveloppe, investissement, fse, feder, detr, dsil, fnadt",
    "date": "date, annee, exercice, millesime, year, an, jour, ouverture, signature, debut, fin, "
    "livraison, notification, convention",
    "title": "titre, intitule, projet, projets, operation, operations, objet, action, "
    "denomination, "
    "designation, libelle, label, nom du lieu, nom du projet, nom du site, nom du tiers lieu, "
    "title, name, nom, site, project, projects",
    "description": "description, descriptif, resume, commentaire, commentaires, presentation, "
    "detail, details, observation, observations, texte, synthese, note, notes, "
    "remarque, remarques, "
    "contexte",
    "organisation": "porteur, porteurs, structure, organisme, maitre d ouvrage, "
    "maitrise d ouvrage, "
    "moa, demandeur, association, raison sociale, attributaire, beneficiaire, beneficiaires, "
    "entreprise, financeur, financeurs, partenaire, partenaires, acteur, acteurs, operateur, "
    "operateurs, societe, employeur, laureat, laureats, siret, siren",
    "theme": "theme, themes, thematique, thematiques, categorie, categories, axe, axes, domaine, "
    "domaines, secteur, secteurs, mesure, dispositif, programme, programmes, volet, priorite, "
    "politique, tag, tags, mot cle, mots cles, mots cle",
    "kind": "type, nature, types, genre, kind, statut, etat, avancement",
    "epci": "epci, intercommunalite, interco, agglomeration, siren epci",
}
"""Role → words that say it wherever they stand in a header, folded."""

WHOLE = {
    "name": ["name", "nom"],
    "postcode": [
        "(code )?postal",
        "postcode",
        "code postal.*",
        "cp",
        "codepostal",
        "zip( code)?",
        r".*\bcode postal",
    ],
    "scale": [
        "(echelon|echelle|maille|niveau)( .*)?",
        r"type (de )?(territoire|collectivite|geo\w*)",
        "nature (du )?(territoire|collectivite)",
        "typegeo",
        "scale",
        "perimetre",
        "zonage",
    ],
    "code": ["code", r"code geo\w*", "code officiel .*"],
    "departement": [
        r"(n |no |num |numero |code |lib\w* |nom |ref )*(du |de |d )?"
        "(dep|dpt|dept|departement|departements|depart|dep name|dep code)( .*)?",
        r"code dep\w*",
        r".*\bdepartement",
    ],
    "epci": ["(n |no |numero )?siren"],
    "region": [
        r"(code |lib\w* |nom |ancienne |nouvelle )*"
        "(reg|region|regions|reg name|reg code)( .*)?",
    ],
    "id": [
        "id",
        r"ids?\b.*",
        r".*\b(identifiant|uuid|id)",
        "(n|no|num|numero|ref|reference|code)"
        "( (de |du |d )?(dossier|projet|operation|acte|convention|ej|subvention|action|fiche"
        "|demande))?( .*)?",
    ],
}
"""Role → patterns of a whole header, folded."""

HEADER_WORDS = frozenset(word for words in ANYWHERE.values() for word in words.split(", "))

ORDER = ("postcode epci scale code departement region lon lat point name address link contact "
         "amount date id title description organisation theme kind")  # fmt: skip
"""What a header means first, where its words say several roles."""


def _pattern(role: str) -> re.Pattern[str]:
    words = ANYWHERE.get(role, "")
    anywhere = [rf"(.*\b)?({words.replace(', ', '|')})(\b.*)?"] if words else []
    return re.compile("|".join(f"(?:{one})" for one in [*anywhere, *WHOLE.get(role, ())]))


PATTERNS = {role: _pattern(role) for role in ORDER.split()}
"""Role → the pattern of its headers, in the order of meaning."""
