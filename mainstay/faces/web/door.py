"""Who may open a page of the console, and how a refusal is said: one decorator for every view (P1)."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect, reswap, trigger_client_event
from django_htmx.middleware import HtmxDetails

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, NotFound
from mainstay.faces.web.sight import keep_readings
from mainstay.platform.identity.choices import Permission

Arguments = ParamSpec("Arguments")


class ConsoleRequest(HttpRequest):
    """A request that has passed the door: somebody is signed in and may use the console."""

    actor: Actor
    htmx: HtmxDetails
    request_id: str


View = Callable[Concatenate[ConsoleRequest, Arguments], HttpResponse]


def door(*permissions: str) -> Callable[[View[Arguments]], Callable[Concatenate[HttpRequest, Arguments], HttpResponse]]:
    """Open a view to staff who hold all `permissions` besides the console's.

    Anonymous: to sign-in. A customer at the front door: to their portal. Without a permission: the 403 page.
    `NotFound` from a room: the 404 page, the same whether the thing is missing or hidden. Any other `MainstayError`:
    said in the reader's language where the reader is.
    """
    needed = (Permission.READ_CONSOLE, *permissions)

    def wrap(view: View[Arguments]) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
        def opened(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
            visitor = cast(ConsoleRequest, request)
            if not request.user.is_authenticated:
                return _to_sign_in(visitor)
            if visitor.path == "/" and visitor.actor.may(Permission.PORTAL):
                return HttpResponseRedirect("/portal/")
            if not all(visitor.actor.may(permission) for permission in needed):
                return _forbidden(visitor)
            if any("\0" in value for _name, values in request.GET.lists() for value in values):
                return HttpResponseBadRequest()
            try:
                answer = view(visitor, *args, **kwargs)
                keep_readings(visitor)
                return answer
            except NotFound as error:
                raise Http404 from error
            except NotAllowed as error:
                return _forbidden(visitor, error)
            except MainstayError as error:
                return _refused(visitor, error)

        update_wrapper(opened, view)
        opened.permissions = needed  # type: ignore[attr-defined]  # read by the test that walks every address
        return opened

    return wrap


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


def back(request: HttpRequest, otherwise: str = "/") -> HttpResponse:
    """Return to the page the reader came from (`next`, or the referring page of this host)."""
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if safe else otherwise)


def _to_sign_in(request: ConsoleRequest) -> HttpResponse:
    if request.htmx:
        return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/")["Location"])
    return redirect_to_login(request.get_full_path())


def _forbidden(request: ConsoleRequest, error: MainstayError | None = None) -> HttpResponse:
    why = error.explain(gettext) if error else gettext("Your duties do not include this.")
    if request.htmx:
        return _toast(HttpResponse(status=403), why)
    return render(request, "403.html", {"reason": why}, status=403)


def _refused(request: ConsoleRequest, error: MainstayError) -> HttpResponse:
    why = error.explain(gettext)
    if request.htmx:
        return _toast(HttpResponse(status=422), why)
    if request.method == "POST":
        messages.error(request, why)
        return back(request)
    return render(request, "web/refused.html", {"reason": why}, status=400)


def _toast(response: HttpResponse, text: str) -> HttpResponse:
    return reswap(trigger_client_event(response, "toast", {"text": text, "level": "error"}), "none")
