"""The record of a person: the way in, its documents, one of them read."""
