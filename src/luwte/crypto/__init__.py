"""Envelopes, key rings, identities, signatures and pseudonyms, on `cryptography` and age. No framework."""
