"""The encrypted store: vault, databases, outbox, journal."""
