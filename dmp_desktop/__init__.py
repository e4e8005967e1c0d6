"""dmp_desktop: open and read the Dossier Médical Partagé from a practice or a pharmacy."""

__version__ = "0.1.0"
