"""Technical schemes: the models, and those drafted for customers with prices and as a PDF (D4)."""

from mainstay.faces.web.schemes import drafts, templates, writing

urlpatterns = [*writing.urlpatterns, *templates.urlpatterns, *drafts.urlpatterns]
