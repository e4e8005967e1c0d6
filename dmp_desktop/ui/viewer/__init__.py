"""Reading a document: white paper in every theme, painted by us; nothing of it is run, fetched or handed outside."""
