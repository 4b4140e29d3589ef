"""Views that people keep under a name. Installed only where people sign in."""
