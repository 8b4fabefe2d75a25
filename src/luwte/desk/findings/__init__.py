"""The silent, complete register: which series turned up in which case; by pseudonym."""
