"""Numbered migrations, one after another."""
