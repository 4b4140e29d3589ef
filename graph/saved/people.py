"""The rows of people in the database, to whom what they save belongs."""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def person(name: str) -> "User":
    """Return the row of somebody who was let in by this name, made if it is their first time.

    Who is known by a proxy or a provider has no password here.
    """
    users = get_user_model().objects
    found = users.filter(username=name).first()
    if found is None:
        found, is_new = users.get_or_create(username=name)
        if is_new:
            found.set_unusable_password()
            found.save(update_fields=["password"])
    return found
