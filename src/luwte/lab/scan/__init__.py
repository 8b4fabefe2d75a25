"""The scan: one process leads, one child reads the carrier, several children look at its files."""
