"""Fixtures of the stories: the sandbox, the road without a window, the window."""

from helpers.road import road
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder
from helpers.window import window

__all__ = ["road", "sandbox", "sandbox_clock", "sandbox_pki_folder", "window"]
