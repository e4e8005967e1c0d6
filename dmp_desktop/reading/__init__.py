"""Documents made readable: CDA, PDF, pictures and text become blocks and images; what is hostile stops here."""
