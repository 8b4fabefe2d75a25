"""The lab: carriers, fingerprints, recognition. It knows no people."""
