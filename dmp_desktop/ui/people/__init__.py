"""« Patients »: whom the post knows, found by name, number, card or list."""
