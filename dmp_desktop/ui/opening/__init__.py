"""The opening of a dossier, from the card to the papers."""
