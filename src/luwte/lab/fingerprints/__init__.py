"""From bytes to a fingerprint: digests, kind, size and the perceptual hash. Never a pixel is kept."""
