"""The tables of what people save."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from graph.saved.draft import MOST_NAME, MOST_QUERY


class SavedView(models.Model):
    """A page's address under a name, and where its nodes lay, if somebody placed them."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=MOST_NAME)
    query = models.CharField(max_length=MOST_QUERY, blank=True)
    # JSON as text: only the browser reads it, and no database has to like what is in it.
    places = models.TextField(blank=True)
    # JSON: what its owner might see when it was written, and those who open it have to.
    permit = models.TextField(default="[]", db_default="[]")
    # Others may open it, and nothing more.
    shared = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_owner_and_name")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["name"], condition=models.Q(shared=True), name="saved_views_shared"
            )
        ]

    def __str__(self) -> str:
        return self.name
