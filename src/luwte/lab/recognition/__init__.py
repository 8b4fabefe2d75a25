"""Recognition: from what was seen of files to verdicts."""
