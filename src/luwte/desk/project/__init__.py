"""Settings, addresses and checks of the desk."""
