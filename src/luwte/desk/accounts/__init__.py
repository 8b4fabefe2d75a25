"""Accounts of whoever works at the desk: invitations, second factors, bound sessions."""
