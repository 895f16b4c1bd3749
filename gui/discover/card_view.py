"""A model card in the page: its words, and its pictures once somebody asks for them."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gui.discover.card import Picture, chunks
from gui.discover.shown import Pictures
from gui.language import marked, tr
from gui.prose.rich_text import RichText
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import row
from gui.widgets.labels import label

WIDEST, HIGHEST = 760, 640
UNREAD = marked("it is damaged, or far too large")
AT_ONCE = 2500  # letters that are laid out in one turn of the event loop
MOST_PIXELS = 24_000_000  # of a picture as it came; 96 MB while it is made smaller


def decoded(data: bytes, kind: str, ratio: float = 1.0) -> QImage:
    """A picture no larger than it is shown; a null one where it cannot be read or is too large.
    For another thread than the window's."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind.encode()))
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return QImage()
    most = QSize(int(WIDEST * ratio), int(HIGHEST * ratio))
    if size.width() > most.width() or size.height() > most.height():
        reader.setScaledSize(size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    image.setDevicePixelRatio(ratio)
    return image


class CardView(QWidget):
    """Shows pieces; `wanted` says that the pictures are to be fetched."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.source = ""
        self.words: list[RichText] = []
        self.images: dict[str, list[Image]] = {}
        self._waiting: list[str | Image] = []  # parts that are still to be laid out
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._go_on)
        self._pieces: tuple[str | Picture, ...] = ()
        self._pictures = Pictures()
        self._unread = 0  # pictures that make no sense
        self._came: tuple[int, str] | None = None  # how fetching them ended
        tip = tr("Fetch the pictures of this card from the hub and show them")
        self.show_button = Button(tr("Show pictures"), "download", "plain", True, tip)
        self.show_button.clicked.connect(self._ask)
        self.told = label("", "small", wrap=True)
        self._told_row = QWidget()
        line = row(self.show_button, self.told, spacing=10)
        line.setStretch(1, 1)
        self._told_row.setLayout(line)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(current().px(12))
        self._box.addWidget(self._told_row)
        current().follow(self, self._rewrite)
        self._tell()

    def set_card(self, pieces: Sequence[str | Picture], pictures: Pictures) -> None:
        """Anew, where it is another one; its pictures are not asked for."""
        if (tuple(pieces), pictures) == (self._pieces, self._pictures):
            return
        self._pieces, self._pictures = tuple(pieces), pictures
        self.source = "\n\n".join(piece for piece in pieces if isinstance(piece, str))
        self._drop()
        self._waiting += chunks(self.source, AT_ONCE) if self.source else []
        self._go_on()
        self._tell()

    def _ask(self) -> None:
        """From now on its pictures stand between its words, each when it has come."""
        self._drop()
        for piece in self._pieces:
            if isinstance(piece, str):
                self._waiting += chunks(piece, AT_ONCE)
            elif piece.reference in self._pictures.own:
                image = Image(piece.words, self)
                self.images.setdefault(piece.reference, []).append(image)
                self._waiting.append(image)
        self._go_on()
        self.show_button.setEnabled(False)
        self.told.setText(tr("Fetching …"))
        self.wanted.emit()

    def show_picture(self, reference: str, image: QImage) -> None:
        """A null one has come, but could not be read."""
        for place in self.images.get(reference, ()):
            place.show_image(image)
        if image.isNull() and reference in self.images:
            self._unread += 1
            if self._came is not None:
                self.pictures_came(*self._came)

    def pictures_came(self, failed: int, problem: str) -> None:
        """That was all; what is missing is told once."""
        self._came = failed, problem
        n = failed + self._unread
        words = [problem]
        if n:
            why = problem or tr(UNREAD)
            words = [tr("{n} {n:picture|pictures} could not be shown: {why}", n=n, why=why)]
        words.append(_left_out(self._pictures.elsewhere))
        text = ". ".join(part[:1].upper() + part[1:] for part in words if part)
        self.show_button.hide()
        self.told.setText(text)
        self._told_row.setVisible(bool(text))

    def _tell(self) -> None:
        own, elsewhere = len(self._pictures.own), self._pictures.elsewhere
        self.show_button.setVisible(bool(own))
        self.show_button.setEnabled(True)
        here = ""
        if own:
            host = self._pictures.host
            here = tr("{n} {n:picture|pictures} at {host}", n=own, host=host)
        words = [here, _left_out(elsewhere)]
        text = "; ".join(part for part in words if part)
        self.told.setText(text[:1].upper() + text[1:])
        self._told_row.setVisible(bool(text))

    def _go_on(self) -> None:
        """A few pages of text in each turn of the event loop: more would keep the window busy."""
        letters = 0
        while self._waiting and letters <= AT_ONCE:
            part = self._waiting.pop(0)
            if isinstance(part, str):
                self._add(part)
                letters += len(part)
            else:
                self._box.addWidget(part)
        if self._waiting:
            self._later.start()

    def _add(self, words: str) -> None:
        part = RichText(max_width=WIDEST)
        part.set_source(words)
        part.finish()
        self.words.append(part)
        self._box.addWidget(part)

    def _rewrite(self) -> None:
        """In the new colours."""
        for part in self.words:
            part.rewrite()

    def _drop(self) -> None:
        parts: list[QWidget] = [
            *self.words,
            *(one for some in self.images.values() for one in some),
        ]
        for part in parts:
            self._box.removeWidget(part)
            part.hide()
            part.deleteLater()
        self.words, self.images, self._waiting = [], {}, []
        self._unread, self._came = 0, None
        self._later.stop()


class Image(QWidget):
    """A picture as wide as there is room, and no wider than it is; nothing while there is none."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setAccessibleName(words or tr("A picture of the model card"))
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.setVisible(not image.isNull())
        self._fit()

    def shown_size(self) -> QSize:
        size = self._image.deviceIndependentSize().toSize()
        if size.width() > self.width() > 0:
            size.scale(self.width(), size.height(), Qt.AspectRatioMode.KeepAspectRatio)
        return size

    def sizeHint(self) -> QSize:
        return QSize(0, self.shown_size().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(max(1, self.shown_size().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self.shown_size()
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), self._image)
        painter.end()


def _left_out(n: int) -> str:
    if not n:
        return ""
    return tr("{n} {n:picture|pictures} on other sites {n:stays|stay} out", n=n)
