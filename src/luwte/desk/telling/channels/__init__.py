"""The ways a contact leaves the desk, one a file."""
