"""« Journée »: who is expected today."""
