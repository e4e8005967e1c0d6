"""From plastic to domain values: PC/SC, Carte Vitale, CPS."""
