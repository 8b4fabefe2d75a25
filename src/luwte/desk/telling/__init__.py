"""Telling, only as chosen: the rules, the outbox and the channels."""
