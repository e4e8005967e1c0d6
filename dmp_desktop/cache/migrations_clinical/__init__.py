"""SQL of ``clinical.db``, one numbered file per version."""
