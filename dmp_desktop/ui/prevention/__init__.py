"""Vaccinations."""
