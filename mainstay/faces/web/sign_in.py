"""Sign in and out, change one's password, choose a language."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import actor_of


class SignIn(auth_views.LoginView):
    """The sign-in page; a customer's people go on to their portal."""

    template_name = "web/sign_in/sign_in.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Return the start page of whoever signed in."""
        user: Any = self.request.user
        return "/portal/" if not actor_of(user).may(Permission.READ_CONSOLE) else "/"


def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Say that too many attempts were made, and when to try again."""
    return render(request, "web/sign_in/locked.html", status=429)


class PasswordForm(forms.Form):
    """The old password once, the new one twice."""

    old = forms.CharField(
        label=_("Password now"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    again = forms.CharField(
        label=_("New password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_old(self) -> str:
        """Refuse a wrong password."""
        old = str(self.cleaned_data["old"])
        if not self.user.check_password(old):
            raise forms.ValidationError(_("This is not your password."))
        return old

    def clean(self) -> dict[str, Any]:
        """Refuse two different new passwords, and weak ones."""
        given = super().clean() or {}
        if given.get("new") != given.get("again"):
            self.add_error("again", _("The two new passwords differ; type the same twice."))
        elif given.get("new"):
            try:
                validate_password(given["new"], self.user)
            except forms.ValidationError as error:
                self.add_error("new", error)
        return given


@door()
def password(request: ConsoleRequest) -> HttpResponse:
    """Change one's own password."""
    user: Any = request.user
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and accepted(
        form,
        lambda given: identity.set_password(request.actor.user_id, given["new"], at=timezone.now(), by=request.actor),
    ):
        user.refresh_from_db()
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed."))
        return redirect("web:my-day")
    return render(request, "web/sign_in/password.html", {"form": form})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Set the language by cookie, and for somebody signed in also for their messages."""
    response: HttpResponse = set_language(request)
    wanted = request.POST.get("language", "")
    if request.user.is_authenticated and translation.check_for_language(wanted):
        identity.choose_language(request.user.pk, wanted)
    return response
