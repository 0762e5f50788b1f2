"""``map``, ``deck``, ``sheet``: maps, slides and sheets as files."""

import argparse
import difflib
from datetime import date
from pathlib import Path

from villeactive.cli.options import (
    add_collection,
    add_filters,
    atlas_of,
    natural,
    selection_of,
    to_write,
)
from villeactive.documents.logo import read_logo
from villeactive.documents.map_files import KINDS, check_not_empty, map_file
from villeactive.documents.whole_files import write_whole
from villeactive.errors import UnknownValueError, VilleActiveError
from villeactive.filtering import apply, apply_to_towns
from villeactive.maps.scene.extent import extent_of
from villeactive.maps.scene.layout import check_dpi
from villeactive.maps.scene.spec import MapSpec
from villeactive.selection import MAX_TEXT
from villeactive.text import number, typed


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Describe the commands of this module."""
    drawing = commands.add_parser("map", help="dessiner la carte d’une sélection")
    drawing.add_argument("output", type=to_write, help="fichier .png, .svg, .pdf, .pptx ou .html")
    add_filters(drawing)
    group = drawing.add_argument_group("carte")
    group.add_argument(
        "--extent", help="france, region:CODE, departement:CODE, epci:SIREN ou selection"
    )
    group.add_argument("--layout", help="slide, meeting, a4 ou a4-landscape")
    group.add_argument("--layers", type=_words, help="couches, séparées par des virgules")
    group.add_argument("--labels", help="towns, titles, numbers ou none")
    group.add_argument("--style", help="light ou mono")
    group.add_argument("--title", type=title, help="titre, au lieu de celui que dit la sélection")
    _add_logo(group)
    group.add_argument("--dpi", type=natural, default=300, help="points par pouce d’un PNG")
    _add_day(group)
    drawing.set_defaults(run=draw)

    slides = commands.add_parser("deck", help="faire un diaporama d’une sélection")
    slides.add_argument("output", type=to_write, help="fichier .pptx ou .pdf")
    slides.add_argument("--by", default="region", help="region ou project")
    add_filters(slides)
    slides.add_argument("--layers", type=_words, help="couches des cartes, comme pour map")
    _add_logo(slides)
    _add_day(slides)
    slides.set_defaults(run=present)

    page = commands.add_parser("sheet", help="imprimer la fiche d’un projet")
    page.add_argument("id", help="identifiant de la fiche")
    page.add_argument("output", type=to_write, help="fichier .pdf")
    add_collection(page)
    _add_day(page)
    page.set_defaults(run=print_sheet)


def _add_logo(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--logo", type=Path, help="logo à poser : PNG ou JPEG, 300 ko au plus")


def _add_day(parser: argparse._ActionsContainer) -> None:
    today = date.today().isoformat()
    parser.add_argument("--date", type=iso_day, default=today, help="AAAA-MM-JJ")


def _words(text: str) -> tuple[str, ...]:
    """Part a list at its commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def title(text: str) -> str:
    """Read a title, as long as a page can hold."""
    said = typed(text)
    if len(said) > MAX_TEXT:
        msg = f"le titre a {number(len(said))} signes, {MAX_TEXT} au plus"
        raise argparse.ArgumentTypeError(msg)
    return said


def iso_day(text: str) -> str:
    """Read a day written AAAA-MM-JJ."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        msg = f"« {text[:20]} » n’est pas une date AAAA-MM-JJ"
        raise argparse.ArgumentTypeError(msg) from error


def kind_of(output: Path, known: tuple[str, ...]) -> str:
    """Tell the kind of a file by its ending.

    Raises
    ------
    UnknownValueError
        The ending is none of those known.
    """
    kind = output.suffix.lower().removeprefix(".")
    if kind not in known:
        raise UnknownValueError("Format du fichier", output.name, [f".{k}" for k in known])
    return kind


def draw(options: argparse.Namespace) -> int:
    """Draw the map of a selection into a file."""
    kind = kind_of(options.output, tuple(KINDS))
    logo = read_logo(options.logo) if options.logo else None
    atlas = atlas_of(options)
    selection = selection_of(options, atlas)
    asked = {
        name: getattr(options, name)
        for name in ("extent", "layout", "layers", "labels", "style", "title", "date")
        if getattr(options, name) is not None
    }
    spec = MapSpec(**{"extent": extent_of(selection), "logo": logo} | asked)
    dpi = check_dpi(options.dpi)
    data = map_file(kind, selection, atlas, spec=spec, dpi=dpi)
    towns = apply_to_towns(selection, atlas.towns, atlas)
    check_not_empty(apply(selection, atlas), towns, spec)
    write_whole(options.output, data)
    print(options.output)
    return 0


def present(options: argparse.Namespace) -> int:
    """Make the deck of a selection."""
    from villeactive.documents.decks import deck_file

    kind = kind_of(options.output, ("pptx", "pdf"))
    logo = read_logo(options.logo) if options.logo else None
    atlas = atlas_of(options)
    selection = selection_of(options, atlas)
    applied = apply(selection, atlas)
    if applied.projects.empty:
        raise VilleActiveError("La sélection est vide : aucun projet à présenter. Levez un filtre.")
    asked = {"layers": options.layers} if options.layers else {}
    spec = MapSpec(date=options.date, logo=logo, **asked)
    data = deck_file(kind, applied, atlas, by=options.by, spec=spec, selection=selection)
    write_whole(options.output, data)
    print(options.output)
    return 0


def print_sheet(options: argparse.Namespace) -> int:
    """Print the sheet of a project."""
    from villeactive.documents.project_sheet import sheet_pdf

    kind_of(options.output, ("pdf",))
    atlas = atlas_of(options)
    if options.id not in atlas.sheets:
        near = difflib.get_close_matches(options.id, atlas.sheets, n=3, cutoff=0.3)
        raise UnknownValueError("Fiche", options.id, near)
    data = sheet_pdf(atlas.sheets[options.id], atlas, day=date.fromisoformat(options.date))
    write_whole(options.output, data)
    print(options.output)
    return 0
