"""Signing in by name and password: imported only where MESHVIZ_SIGN_IN says so."""
