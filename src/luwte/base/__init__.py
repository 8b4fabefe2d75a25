"""What every room may use: errors, clock, ids, files, fault points. Plain Python, no framework."""
