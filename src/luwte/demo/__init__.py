"""The demo: drawn pictures, a real carrier, six invented people, the main job from one end to the other."""
