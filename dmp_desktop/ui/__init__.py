"""Widgets, presenters and the window."""
