"""The vault: the only room with names. Everything in it is sealed, one key a person."""
