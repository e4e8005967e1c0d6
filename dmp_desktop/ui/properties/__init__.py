"""The properties of a document: what they are, what may be changed, before and after."""
