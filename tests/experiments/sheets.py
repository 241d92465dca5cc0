"""Drawing a figure in a test, and looking at what is on it."""

from matplotlib.backends.backend_agg import FigureCanvasAgg

from scripts.draw import export
from scripts.draw.language import Say
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
    """What is written beyond the edges of the sheet."""
    with export.context():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        width, height = canvas.get_width_height()
        boxes = {text: text.get_window_extent(canvas.get_renderer()) for text in figure.texts}
    return [
        text.get_text()
        for text, box in boxes.items()
        if box.x0 < 0 or box.x1 > width + 1 or box.y0 < 0 or box.y1 > height
    ]
