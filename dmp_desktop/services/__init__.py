"""What a person does, in the words of the trade; no Qt, no SQL, no HTTP."""
