"""Deposit of a document: a file, an image, or a short report written in place."""
