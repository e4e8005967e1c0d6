"""The pages of the window: which one is shown, whose banner and whose keys. It decides nothing of what they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dmp_desktop.ui.page_frame import KeyHint
from dmp_desktop.ui.shell import Shell
from dmp_desktop.ui.widgets.banner import BannerContent


@dataclass(slots=True)
class _Page:
    shown: Callable[[], None]
    banner: BannerContent | None = None
    hints: tuple[KeyHint, ...] = ()


class Pages(QObject):
    """Each page tells its banner and its keys when it likes; they are shown while it is in front.

    :ivar hints: keys of the page in front.
    """

    gone_to = Signal(str)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._pages: dict[str, _Page] = {}
        shell.asked.connect(self.go)

    def add(
        self, key: str, icon: str, words: str, page: QWidget, shown: Callable[[], None], *, bottom: bool = False
    ) -> None:
        """A page with its entry in the navigation.

        :param shown: called each time it comes to the front: it takes the keyboard and tells its keys.
        """
        self._pages[key] = _Page(shown)
        self._shell.add_page(key, icon, words, page, bottom=bottom)

    @property
    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the page in front."""
        page = self._pages.get(self._shell.page)
        return page.hints if page is not None else ()

    def go(self, key: str) -> None:
        """Show a page; nothing while the post is locked."""
        page = self._pages[key]
        self._shell.go(key)
        self._show(page)
        page.shown()
        self.gone_to.emit(key)

    def tell_banner(self, key: str, content: BannerContent | None) -> None:
        """Whom a page is about, or nobody."""
        self._pages[key].banner = content
        if self._shell.page == key and not self._shell.locked:
            self._shell.tell_banner(content)

    def tell_hints(self, key: str, hints: tuple[KeyHint, ...]) -> None:
        """Keys of a page."""
        page = self._pages[key]
        page.hints = hints
        if self._shell.page == key and not self._shell.locked:
            self._show(page)

    def hide(self) -> None:
        """The post is locked: nobody's banner, no keys, and none of them comes back by itself."""
        for page in self._pages.values():
            page.banner, page.hints = None, ()
        self._shell.tell_banner(None)
        self._shell.status.list_keys(())

    def _show(self, page: _Page) -> None:
        self._shell.tell_banner(page.banner)
        self._shell.status.list_keys(tuple((hint.keys, hint.words) for hint in page.hints))
