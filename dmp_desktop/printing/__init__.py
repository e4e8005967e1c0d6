"""From values to paper: reportlab draws, Qt prints."""
