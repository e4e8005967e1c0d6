"""The timeline of a record: two years at a glance."""
