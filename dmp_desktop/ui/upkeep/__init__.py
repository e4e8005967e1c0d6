"""The upkeep of the post: what is kept on it, its backups, and its figures for a support."""
