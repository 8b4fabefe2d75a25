"""The pages of the person: there is something, and then as much as was chosen."""
