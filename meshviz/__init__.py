"""The Django project around the service graph: settings, ASGI application, command line."""

__version__ = "0.1.0"
