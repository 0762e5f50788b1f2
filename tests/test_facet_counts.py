"""Counts drawn beside the choices of a filter."""

from villeactive.ui.parts.facet_counts import Counted, style


def test_each_choice_has_its_number_on_screen_and_in_words():
    pills = Counted("f-theme", (1, 12), "projet", is_list=False)
    opened = Counted("f-region", (0,), "fiche", is_list=True)
    assert style([pills, opened]).splitlines() == [
        '.st-key-f-theme [role=toolbar] button{--unit:" projets";'
        '&:nth-of-type(1){--n:" 1";--unit:" projet"}&:nth-of-type(2){--n:" 12"}}',
        ":root:has(.st-key-f-region input[aria-controls]) [role=option]{"
        '--unit:" fiches";&[data-key="0"]{--n:" 0";--unit:" fiche"}}',
    ]


def test_nothing_but_numbers_and_our_words_comes_into_the_style(atlas):
    from villeactive.facets import Choices
    from villeactive.selection import Selection

    counts = Choices(Selection(), atlas).counts
    sheet = style(
        Counted(f"f-{name}", tuple(found.values()), "projet", is_list=True)
        for name, found in counts.items()
    )
    assert not set("<>\\") & set(sheet)
    assert sheet.count("{") == sheet.count("}")
