"""Sums that the law fixes: restitution, assistance, the advance and the fund. Pure."""
