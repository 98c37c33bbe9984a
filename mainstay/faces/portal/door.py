"""Who may open a page of the portal, and how a refusal is said: a customer's people, and nobody else (L1, P1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, NotFound
from mainstay.platform.identity.choices import Permission

Arguments = ParamSpec("Arguments")


class PortalRequest(HttpRequest):
    """A request that has passed the door: somebody of a customer is signed in."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[Concatenate[PortalRequest, Arguments], HttpResponse]


def door(view: View[Arguments]) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Open a view to a customer's people.

    Anonymous: to sign-in. Staff: the 403 page. `NotFound` from a room: the 404 page, the same whether the thing is
    missing or another customer's. Any other refusal of a post: said in the reader's language where they came from.
    """

    @wraps(view)
    def opened(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        visitor = cast(PortalRequest, request)
        if not request.user.is_authenticated:
            return _to_sign_in(visitor)
        if not visitor.actor.may(Permission.PORTAL):
            return _forbidden(visitor, gettext("The portal is for customers; you work in the console."))
        try:
            return view(visitor, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error
        except NotAllowed as error:
            return _forbidden(visitor, error.explain(gettext))
        except MainstayError as error:
            if visitor.method != "POST":
                raise
            messages.error(visitor, error.explain(gettext))
            return redirect(_came_from(visitor))

    opened.permissions = (Permission.PORTAL,)  # type: ignore[attr-defined]  # read by the test that walks every address
    return opened


def accepted(form: BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Run an action with the form's values; a refusal becomes the form's error, and what was typed stays."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except (NotFound, NotAllowed):
        raise
    except MainstayError as error:
        form.add_error(None, error.explain(gettext))
        return False
    return True


def _to_sign_in(request: PortalRequest) -> HttpResponse:
    if request.htmx:
        return HttpResponseClientRedirect(
            redirect_to_login(request.htmx.current_url_abs_path or "/portal/")["Location"]
        )
    return redirect_to_login(request.get_full_path())


def _came_from(request: PortalRequest) -> str:
    """Return the page of this host that posted, else the overview."""
    wanted = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("portal:home")


def _forbidden(request: PortalRequest, why: str) -> HttpResponse:
    return render(request, "403.html", {"reason": why}, status=403)
