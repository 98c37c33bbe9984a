"""Where the shared look answers: the gallery of its components."""

from django.urls import path

from mainstay.faces.ui import gallery

app_name = "ui"

urlpatterns = [
    path("gallery", gallery.gallery, name="gallery"),
    path("gallery/portal", gallery.gallery_portal, name="gallery-portal"),
    path("gallery/find", gallery.gallery_find, name="gallery-find"),
]
