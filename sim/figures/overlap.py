"""Find texts that collide or leave the page, as a careful reader would, but for every figure."""

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import BboxBase

TOLERANCE_PX = 1.0


def layout_problems(figure: Figure) -> list[str]:
    """List the texts of a figure that overlap one another or stick out of it, in words."""
    figure.draw_without_rendering()  # the labels of axes find their place only then
    boxes = [(text.get_text(), text.get_window_extent()) for text in _visible_texts(figure)]
    outside = [f"{text!r} leaves the page" for text, box in boxes if not _within(box, figure.bbox)]
    collisions = [
        f"{first!r} overlaps {second!r}" for (first, a), (second, b) in combinations(boxes, 2) if _overlap(a, b)
    ]
    return outside + collisions


def _visible_texts(figure: Figure) -> list[Text]:
    """Leave out empty texts and the ticks and titles of axes that are switched off."""
    drawn = [text for text in figure.texts if _shows(text)]
    for axes in figure.axes:
        if axes.get_visible():
            owners = [axes] if axes.axison else []
            inside = {id(text): text for text in axes.texts}
            inside |= {id(text): text for owner in owners for text in owner.findobj(Text)}
            drawn += [text for text in inside.values() if _shows(text)]
    return drawn


def _shows(text: Text) -> bool:
    return bool(text.get_visible() and text.get_text().strip())


def _within(box: BboxBase, page: BboxBase) -> bool:
    return bool(
        box.x0 >= page.x0 - TOLERANCE_PX
        and box.y0 >= page.y0 - TOLERANCE_PX
        and box.x1 <= page.x1 + TOLERANCE_PX
        and box.y1 <= page.y1 + TOLERANCE_PX
    )


def _overlap(a: BboxBase, b: BboxBase) -> bool:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(width > TOLERANCE_PX and height > TOLERANCE_PX)
