"""Recognition inside Hansken, the forensic platform of the NFI: an extraction plugin for its pictures."""
