"""Backup and restore of the desk: both databases of one moment, encrypted and signed; never the keys."""
