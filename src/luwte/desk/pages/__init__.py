"""What the pages of the portal and the staff share: the frame, the look, the headers, the way out."""
