"""Losses, awards, payments: what somebody is owed and what they received. No name is here, no picture."""
