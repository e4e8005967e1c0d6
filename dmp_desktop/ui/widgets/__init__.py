"""The building blocks of the screens, after the visual guide."""
