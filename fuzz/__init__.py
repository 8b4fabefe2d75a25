"""Fuzz targets for the readers of foreign bytes: `python -m fuzz TARGET --time SECONDS`, or `make fuzz`."""
