"""The review desk: who looks at which cluster next, and what is decided; never a person or a picture."""
