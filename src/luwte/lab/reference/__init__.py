"""The opened reference list, and how a fingerprint is looked up in it."""
