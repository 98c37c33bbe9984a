"""Where addresses lead."""

urlpatterns: list[object] = []
