"""Who may read a dossier, who did, and what this practice did."""
