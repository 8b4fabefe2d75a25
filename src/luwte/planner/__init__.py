"""Simulation of a national system: one drawn world, a year in seconds, four policies of telling compared."""
