"""What the house has agreed on: promises, calendars, users, duty, sources."""

from mainstay.faces.web.settings import users

urlpatterns = [*users.urlpatterns]
