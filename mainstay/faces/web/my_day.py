"""What shall I do now, in which order, and why (C6)?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from mainstay.faces.web.door import ConsoleRequest, door


@door()
def my_day(request: ConsoleRequest) -> HttpResponse:
    """Show the one list."""
    return render(request, "web/my_day/my_day.html", {})


urlpatterns = [path("", my_day, name="my-day")]
