"""The wall: what crosses between the houses, and the foreign formats that come in and go out."""
