"""The desk: people and what they chose, never a picture."""
