"""« Fiche »: one person as a desk administers them."""
