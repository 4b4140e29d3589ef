"""The table of tokens."""

from django.db import models

MOST_NAME = 100


class ApiToken(models.Model):
    """Lets a program use the API. Of the token itself only a digest is kept."""

    name = models.CharField(max_length=MOST_NAME, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=10)
    # JSON: patterns of the namespaces that it may see.
    namespaces = models.TextField()
    created = models.DateTimeField(auto_now_add=True)
    # None: as long as nobody deletes it.
    expires = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
