"""Simulated readers and the cards that go into them."""
