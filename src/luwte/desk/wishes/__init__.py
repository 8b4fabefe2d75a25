"""What each person chose, versioned, and the pauses in it; by pseudonym."""
