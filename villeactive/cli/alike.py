"""``similar``: the towns like a town, and why."""

import argparse
from dataclasses import asdict

from villeactive.analysis.similar_towns import similar
from villeactive.analysis.similarity import CRITERIA, Weights
from villeactive.atlas import read_atlas
from villeactive.cli.options import add_format, natural
from villeactive.cli.output import print_json, print_table
from villeactive.cli.resolving import resolve_town
from villeactive.text import number


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Describe the command of this module."""
    alike = commands.add_parser("similar", help="trouver les villes qui ressemblent à une ville")
    alike.add_argument("town", help="nom ou code INSEE")
    alike.add_argument("--n", type=natural, default=10, help="combien, 10 sans rien dire")
    alike.add_argument("--same-region", action="store_true", help="dans la même région seulement")
    alike.add_argument("--weights", default="", help="poids de 0 à 3 : taille=2,densité=0,rôle=1")
    add_format(alike)
    alike.set_defaults(run=show)


def show(options: argparse.Namespace) -> int:
    """List the towns most like a town."""
    atlas = read_atlas()
    code = resolve_town("commune", options.town, atlas)
    weights = Weights.from_text(options.weights)
    found = similar(
        code, atlas, n=options.n, weights=weights, same_region=options.same_region
    ).reset_index()
    if options.format == "json":
        # the digits that mean something: a tenth of an inhabitant per km², a hundredth of a point
        places = {"density": 1, "likeness": 2} | {f"lost_{name}": 2 for name in CRITERIA}
        told = found.round(places).assign(programmes=found["programmes"].map(list))
        rows = told.to_dict("records")
        print_json({"town": code, "weights": asdict(weights), "similar": rows})
        return 0
    shown = found[["code_insee", "name", "departement"]].assign(
        population=found["population"].map(number),
        ressemblance=found["likeness"].round().astype(int),
        pourquoi=found["why"],
    )
    print_table(shown, f"{len(found)} villes comme {atlas.communes.loc[code, 'name']}")
    return 0
