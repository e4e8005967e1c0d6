"""Colours, type and icons: one table of tokens, three themes."""
