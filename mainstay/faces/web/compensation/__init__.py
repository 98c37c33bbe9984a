"""What is owed to customers: the list, one with its derivation, entering one by hand, giving them to billing (H8)."""

from mainstay.faces.web.compensation import billing, claims

urlpatterns = [*billing.urlpatterns, *claims.urlpatterns]
