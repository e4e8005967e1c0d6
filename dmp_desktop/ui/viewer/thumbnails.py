"""The pages of the document, small, beside it: drawn when in sight, a press or Enter goes there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView

from dmp_desktop.domain.readable import PdfPart
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.viewer.pages import Pages
from dmp_desktop.ui.viewer.writer import Picture

_SIDE, _TALL = 88, 124


class _PageModel(QAbstractListModel):
    """The pages of PDFs on one paper; a small image is asked for when its row is painted."""

    def __init__(self, appearance: Appearance, pages: Pages, view: QListView) -> None:
        super().__init__(view)
        self._appearance, self._pages, self._view = appearance, pages, view
        self.rows: list[tuple[int, Picture]] = []

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """The pages of another document."""
        self.beginResetModel()
        self.rows = [(at, one) for at, one in enumerate(pictures) if isinstance(one.part, PdfPart)]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """One row a page."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Image, number, name."""
        if not index.isValid():
            return None
        picture = self.rows[index.row()][1]
        if role == Qt.ItemDataRole.DisplayRole:
            return str(picture.number + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return picture.label
        if role == Qt.ItemDataRole.DecorationRole and isinstance(picture.part, PdfPart):
            return self._small(picture.part, picture)
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._view.gridSize()
        return None

    def _small(self, part: PdfPart, picture: Picture) -> QPixmap:
        """The page as tall as its cell at most; blank paper until it is drawn."""
        theme = self._appearance.theme
        wide, tall = picture.size
        scale = min(theme.px(_SIDE) / wide, theme.px(_TALL) / tall)
        size = QSize(max(1, round(wide * scale)), max(1, round(tall * scale)))
        image = self._pages.image(part, picture.number, round(size.width() * self._view.devicePixelRatioF()), 0)
        if image is not None:
            aspect = Qt.AspectRatioMode.IgnoreAspectRatio
            return QPixmap.fromImage(image.scaled(size, aspect, Qt.TransformationMode.SmoothTransformation))
        blank = QPixmap(size)
        blank.fill(theme.color("paper"))
        return blank


class Thumbnails(QListView):
    """Small pages in a column."""

    chosen = Signal(int)
    """Number of the picture to go to."""

    def __init__(self, appearance: Appearance, pages: Pages) -> None:
        super().__init__()
        self._appearance = appearance
        self.setAccessibleName("Pages du document")
        self.setProperty("ring", "inside")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._model = _PageModel(appearance, pages, self)
        self.setModel(self._model)
        self.clicked.connect(self._go)
        self.activated.connect(self._go)
        pages.changed.connect(self.viewport().update)
        self._fit()
        appearance.changed.connect(self._fit)

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """The pages of another document."""
        self._model.show_pictures(pictures)

    def _fit(self) -> None:
        px = self._appearance.theme.px
        self.setIconSize(QSize(px(_SIDE), px(_TALL)))
        self.setGridSize(QSize(px(_SIDE + 24), px(_TALL + 32)))
        self.setFixedWidth(px(_SIDE + 24 + 16))

    def _go(self, index: QModelIndex) -> None:
        self.chosen.emit(self._model.rows[index.row()][0])
