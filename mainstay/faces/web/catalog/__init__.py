"""What is offered: products, tariffs with what a price is looked up to be, marketing policies (D4)."""

from mainstay.faces.web.catalog import policies, products, tariffs

urlpatterns = [*products.urlpatterns, *tariffs.urlpatterns, *policies.urlpatterns]
