"""Who acts in a request where the portal is served: a visitor, or an account."""

from __future__ import annotations

from django.http import HttpRequest

from luwte.desk.accounts import acting
from luwte.desk.portal.visit import visitor_of


class Acting(acting.Acting):
    """As of accounts; whoever visits the portal acts as that visitor."""

    def who(self, request: HttpRequest) -> str:
        """Return who asks, as the record names them."""
        if (visitor := visitor_of(request)) is not None:
            return visitor.recipient
        return super().who(request)
