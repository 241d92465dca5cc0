"""Drawing a figure in a test, and looking at what is on it."""

from matplotlib.backends.backend_agg import FigureCanvasAgg

from scripts.draw import export
from scripts.draw.language import Say
from scripts.draw.text import width_of
from scripts.draw.theme import LIGHT


def drawn(module, about, record, language="en", theme=LIGHT):
    """The figure of a module for a record, of which `about` is known."""
    with export.context():
        return module.draw(record, about, theme, Say(language, module.WORDS))


def texts(figure):
    """What is written on the sheet, with plain spaces."""
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts]


def panels(figure):
    """The axes that hold rows, from the top down."""
    return [ax for ax in figure.axes if len(ax.get_yticks())]


def outside(figure):
    """What is written beyond the edges of the sheet; a Han character is one em wide."""
    with export.context():
        canvas = FigureCanvasAgg(figure)
        figure.draw_without_rendering()
        width, height = canvas.get_width_height()
        found = []
        for text in figure.texts:
            box = text.get_window_extent(canvas.get_renderer())
            weight = str(text.get_fontweight())
            long = width_of(text.get_text(), text.get_fontsize(), weight) * figure.dpi / 72
            right = box.x1 if text.get_ha() == "right" else box.x0 + long
            left = right - long
            if left < -1 or right > width + 1 or box.y0 < 0 or box.y1 > height:
                found.append(text.get_text())
    return found
