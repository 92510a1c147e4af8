"""The check of the layout finds what a careful reader would."""

from sim.figures.overlap import layout_problems
from sim.figures.style import Page


def page() -> Page:
    return Page(80.0, 40.0)


def test_texts_apart_are_fine() -> None:
    sheet = page()
    sheet.lines(5.0, 10.0, ["one line", "and another"])

    assert layout_problems(sheet.figure) == []


def test_texts_on_one_another_are_found() -> None:
    sheet = page()
    sheet.text(5.0, 10.0, "the note")
    sheet.text(6.0, 10.5, "the colour bar")

    assert layout_problems(sheet.figure) == ["'the note' overlaps 'the colour bar'"]


def test_text_in_a_panel_is_compared_with_text_on_the_page() -> None:
    sheet = page()
    sheet.text(20.0, 20.0, "the title")
    sheet.panel(10.0, 10.0, 40.0, 20.0).text(12.0, 9.0, "a label")

    assert len(layout_problems(sheet.figure)) == 1


def test_text_that_leaves_the_page_is_found() -> None:
    sheet = page()
    sheet.text(70.0, 20.0, "a long last word")

    assert layout_problems(sheet.figure) == ["'a long last word' leaves the page"]


def test_ticks_count_when_the_axes_are_shown_and_not_otherwise() -> None:
    sheet = page()
    axes = sheet.figure.add_axes((0.2, 0.3, 0.6, 0.5))
    axes.set_xticks([0.0, 0.01], ["a very long tick", "another long tick"])

    assert any("long tick" in problem for problem in layout_problems(sheet.figure))
    axes.set_axis_off()
    assert layout_problems(sheet.figure) == []


def test_the_name_of_an_axis_is_judged_where_it_will_stand() -> None:
    sheet = page()
    axes = sheet.figure.add_axes((0.2, 0.3, 0.6, 0.5))
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlabel("People in need")

    assert layout_problems(sheet.figure) == []
    axes.set_position((0.2, 0.05, 0.6, 0.5))
    assert layout_problems(sheet.figure) == ["'People in need' leaves the page"]
