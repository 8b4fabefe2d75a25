"""The record that only grows: what was decided, seen and done, in a Merkle log that anyone can check."""
