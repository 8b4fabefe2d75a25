"""The pages of the care workers: who waits for a call, and why each person was or was not told."""
