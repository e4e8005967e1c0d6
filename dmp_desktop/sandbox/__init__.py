"""The embedded central store and the simulated cards: a store of its own eyes, for training and for the tests."""
