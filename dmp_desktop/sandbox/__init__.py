"""A central store of our own and simulated cards: proves the client consistent, never conform."""
