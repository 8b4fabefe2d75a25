"""Luwte and the field's own parts side by side, on the same inputs in the same run: `python -m bench`."""
