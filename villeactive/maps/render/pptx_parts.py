"""The empty deck: theme, master and layouts, where colours and placeholders are defined once."""

import io
from functools import cache

from villeactive.maps.render.pptx_colours import theme_colours
from villeactive.maps.render.pptx_shapes import emu, said
from villeactive.maps.scene.layout import Layout, layout
from villeactive.maps.scene.spec import Box
from villeactive.typography.font_metrics import SLIDES

TITLE, SUBTITLE, FOOTER, NUMBER = "title", "subtitle", "footer", "number"

SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
"""Declarations of the three XML name spaces of a slide."""

_PLACES = {
    TITLE: 'type="title"',
    SUBTITLE: 'type="body" sz="quarter" idx="1"',
    FOOTER: 'type="ftr" sz="quarter" idx="11"',
    NUMBER: 'type="sldNum" sz="quarter" idx="12"',
}
_NAMES = {
    TITLE: ("Titre", "Modifiez le titre"),
    SUBTITLE: ("Sous-titre", "Modifiez le sous-titre"),
    FOOTER: ("Sources", ""),
    NUMBER: ("Numéro de page", "‹N°›"),
}
_SLOTS = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}
_PANOSE = "020B0604020202020204"
"""A sans; with the pitch family 34, what stands for the font is a sans too."""
_EMPTY_TREE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/>'
    '<a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)


def slide_xml(shapes: str) -> str:
    """Write a slide round its shapes."""
    return (
        f"<p:sld {SPACES}><p:cSld><p:spTree>{_EMPTY_TREE}{shapes}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )


def place(kind: str) -> str:
    """Write the mark of a placeholder."""
    return f"<p:ph {_PLACES[kind]}/>"


def boxes(page: Layout) -> dict[str, Box]:
    """Give where each placeholder stands: the same on every slide, so that nothing jumps."""
    text, foot = page.text, page.sources
    size = page.sizes["title"]
    return {
        TITLE: Box(text.left, text.top - size * 0.25, text.width + 8, size * 1.3),
        SUBTITLE: Box(text.left, text.top + size * 1.1, text.width + 4, size * 0.8),
        FOOTER: Box(foot.left, foot.top, foot.width + 4, foot.height),
        NUMBER: Box(text.left, foot.bottom + 6, 60, 12),
    }


def empty_deck(style: str, layout_name: str):
    """Open an empty presentation.

    Parameters
    ----------
    style
        ``light`` or ``mono``.
    layout_name
        Key of :data:`villeactive.maps.scene.layout.LAYOUTS`: size of the page, places.

    Returns
    -------
    pptx.presentation.Presentation
    """
    from pptx import Presentation

    return Presentation(io.BytesIO(_template(style, layout_name)))


@cache
def _template(style: str, layout_name: str) -> bytes:
    """Turn python-pptx's own template into ours."""
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE

    deck, page = Presentation(), layout(layout_name)
    deck.slide_width, deck.slide_height = emu(page.width), emu(page.height)
    for unused in list(deck.slide_layouts)[2:]:
        deck.slide_layouts.remove(unused)
    master = deck.slide_master
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _theme(theme.blob.decode(), style).encode()
    _write(master._element, "Modèle", page, (TITLE, SUBTITLE, FOOTER, NUMBER))
    _write_styles(master._element, page)
    names = (("Carte", "obj", (TITLE, SUBTITLE, FOOTER, NUMBER)),
             ("Couverture", "obj", (TITLE, SUBTITLE, FOOTER)))  # fmt: skip
    for made, (name, kind, kinds) in zip(deck.slide_layouts, names, strict=True):
        _write(made._element, name, page, kinds)
        made._element.set("type", kind)
    _drop_extras(deck)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _theme(xml: str, style: str) -> str:
    """Put our colours and our font into a theme part."""
    colours = theme_colours(style)
    slots = {_SLOTS.get(token, token): colour for token, colour in colours.items()}
    slots |= {"hlink": colours["accent1"], "folHlink": colours["tx2"]}
    written = "".join(
        f'<a:{slot}><a:srgbClr val="{slots[slot].lstrip("#")}"/></a:{slot}>'
        for slot in ("dk1", "lt1", "dk2", "lt2", *(f"accent{i}" for i in range(1, 7)),
                     "hlink", "folHlink")
    )  # fmt: skip
    scheme = f'<a:clrScheme name="Ville active">{written}</a:clrScheme>'
    face = (
        f'<a:latin typeface="{SLIDES}" panose="{_PANOSE}" pitchFamily="34" charset="0"/>'
        '<a:ea typeface=""/><a:cs typeface=""/>'
    )
    fonts = (
        f'<a:fontScheme name="Ville active"><a:majorFont>{face}</a:majorFont>'
        f"<a:minorFont>{face}</a:minorFont></a:fontScheme>"
    )
    for tag, new in (("clrScheme", scheme), ("fontScheme", fonts)):
        before, _, rest = xml.partition(f"<a:{tag}")
        xml = before + new + rest.partition(f"</a:{tag}>")[2]
    head, _, rest = xml.partition(' name="Office Theme"')
    return f'{head} name="Ville active"{rest}'


def run(text: str) -> str:
    """Write a text in the style of its place."""
    return f'<a:r><a:rPr lang="fr-FR"/><a:t>{said(text)}</a:t></a:r>'


def number_field(shown: str) -> str:
    """Write the number of a slide, which PowerPoint keeps up to date."""
    field = 'id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"'
    return f'<a:fld {field}><a:rPr lang="fr-FR"/><a:t>{shown}</a:t></a:fld>'


def _placeholder(kind: str, number: int, box: Box) -> str:
    """Write a placeholder of a master or a layout."""
    name, hint = _NAMES[kind]
    text = number_field(hint) if kind == NUMBER else run(hint) if hint else ""
    anchor = "b" if kind == FOOTER else "t"
    size = {TITLE: 0, SUBTITLE: 0, FOOTER: 850, NUMBER: 900}[kind]
    levels = ""
    if size:
        colour = '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill>'
        levels = f'<a:lvl1pPr algn="l"><a:defRPr sz="{size}">{colour}</a:defRPr></a:lvl1pPr>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f"</p:cNvSpPr><p:nvPr>{place(kind)}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm>"
        f'<a:off x="{emu(box.left)}" y="{emu(box.top)}"/>'
        f'<a:ext cx="{emu(box.width)}" cy="{emu(box.height)}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
        '<a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" '
        f'anchor="{anchor}"><a:normAutofit/></a:bodyPr><a:lstStyle>{levels}</a:lstStyle>'
        f'<a:p>{text}<a:endParaRPr lang="fr-FR"/></a:p></p:txBody></p:sp>'
    )


def _write(element, name: str, page: Layout, kinds: tuple[str, ...]) -> None:
    """Replace the shapes of a master or a layout by our placeholders."""
    from pptx.oxml import parse_xml

    where = boxes(page)
    shapes = "".join(_placeholder(kind, k, where[kind]) for k, kind in enumerate(kinds, start=2))
    paper = '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
    ground = f"<p:bg><p:bgPr>{paper}<a:effectLst/></p:bgPr></p:bg>"
    new = parse_xml(
        f'<p:cSld {SPACES} name="{name}">{ground if name == "Modèle" else ""}'
        f"<p:spTree>{_EMPTY_TREE}{shapes}</p:spTree></p:cSld>"
    )
    element.replace(element.cSld, new)


def _write_styles(element, page: Layout) -> None:
    """Give titles and texts of the deck their sizes and colours."""
    from pptx.oxml import parse_xml

    def level(tag: str, size: float, token: str, bold: str, font: str) -> str:
        return (
            f'<a:{tag} marL="0" indent="0" algn="l"><a:spcBef><a:spcPts val="0"/></a:spcBef>'
            f'<a:buNone/><a:defRPr sz="{round(size * 100)}"{bold}><a:solidFill>'
            f'<a:schemeClr val="{token}"/></a:solidFill><a:latin typeface="+{font}-lt"/>'
            f"</a:defRPr></a:{tag}>"
        )

    title = level("lvl1pPr", page.sizes["title"], "tx1", ' b="1"', "mj")
    body = level("lvl1pPr", page.sizes["subtitle"], "tx2", "", "mn")
    other = level("lvl1pPr", page.sizes["legend"], "tx1", "", "mn")
    new = parse_xml(
        f"<p:txStyles {SPACES}><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{body}"
        f"</p:bodyStyle><p:otherStyle>{other}</p:otherStyle></p:txStyles>"
    )
    old = element.find(f"{{{element.nsmap['p']}}}txStyles")
    element.replace(old, new)


def _drop_extras(deck) -> None:
    """Drop the preview and the printer of python-pptx's template; write French everywhere."""
    for part, ending in ((deck.part.package, "/thumbnail"), (deck.part, "/printerSettings")):
        rels = part._rels
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(ending)]:
            rels.pop(key)
    for part in deck.part.package.iter_parts():
        if part.partname.endswith("/app.xml"):
            part._blob = _APP
    for node in deck.part._element.iter():
        if node.get("lang"):
            node.set("lang", "fr-FR")


_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Ville active</Application></Properties>"
)
