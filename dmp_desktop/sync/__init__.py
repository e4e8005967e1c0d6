"""From the outbox to the central store and back: SOAP, VIHF, HL7 V3, INSi, TLS."""
