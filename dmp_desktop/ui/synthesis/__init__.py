"""The synthesis of a record, its directives and the people to call."""
