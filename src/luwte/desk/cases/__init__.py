"""Criminal cases in which carriers were read out."""
