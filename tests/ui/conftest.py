"""What the tests of widgets share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from dmp_desktop.ui.theme.appearance import Appearance


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The light theme at 100 %, put back after."""
    made = Appearance(qapp, "light", 100)
    yield made
    made.choose("light", 100)
    made.deleteLater()
