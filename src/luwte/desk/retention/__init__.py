"""How long each kind of data is kept, and letting it go: recorded, provable, never what is needed."""
