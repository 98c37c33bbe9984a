"""What is asked of each kind of sender; a password is never among it, only the name of the variable that holds it."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mainstay.platform.messages.actions.senders import SenderSettings
from mainstay.platform.messages.choices import SERVES, Channel, SenderKind
from mainstay.platform.messages.drivers.gateway import DEFAULT_BODY
from mainstay.platform.messages.drivers.robots import DINGTALK, WECOM
from mainstay.platform.messages.secrets_kept import PREFIX

YES_NO = (("offered", _("if offered")), ("yes", _("always")), ("no", _("never")))
METHODS = (("POST", "POST"), ("GET", "GET"))
TYPES = tuple((name, name) for name in ("application/json", "application/x-www-form-urlencoded", "application/xml"))
FIELDS_KNOWN = "{to} {name} {subject} {body} {text} {key} {secret}"
ADDRESSES: dict[str, tuple[Any, Any]] = {
    SenderKind.SMTP: (_("Server"), _("smtp://user@host:25 or smtps://user@host:465; without user: no sign-in.")),
    SenderKind.HTTP: (_("URL"), _("May contain the fields named below.")),
    SenderKind.WECOM: (_("Base URL"), _("Empty: the public service. A private deployment has its own.")),
    SenderKind.DINGTALK: (_("Base URL"), _("Empty: the public service. A private deployment has its own.")),
}


def _text(label: Any, hint: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=400, required=False, **more)


def _long(label: Any, hint: Any = "", **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    return forms.CharField(label=label, help_text=hint, max_length=4000, required=False, widget=widget, **more)


def _choice(label: Any, choices: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, help_text=hint)


def _network() -> dict[str, forms.Field]:
    return {
        "proxy": _text(_("Proxy"), _("http://host:port, when the way out needs one.")),
        "ca_file": _text(_("Certificates"), _("File of the authority that a private deployment trusts.")),
    }


def _gateway() -> dict[str, forms.Field]:
    return {
        "method": _choice(_("Method"), METHODS),
        "content_type": _choice(_("Format"), TYPES),
        "body": _long(_("Body"), FIELDS_KNOWN, initial=DEFAULT_BODY),
        "headers": _long(_("Headers"), _("One a line, “Name: value”; write {secret} for the secret.")),
        "ok_path": _text(
            _("Taken, says"), _("Where in the JSON answer it stands, such as result.code; empty: any 2xx.")
        ),
        "ok_values": _text(_("and then is"), _("Values that mean taken, with commas: 0,ok")),
        "error_path": _text(_("Error text stands at")),
        "reference_path": _text(_("Its reference stands at"), _("Needed for receipts.")),
        "receipt_list": _text(_("Receipts: list stands at"), _("Empty: the body is one receipt or a list of them.")),
        "receipt_reference": _text(_("Receipts: reference stands at"), initial="reference"),
        "receipt_status": _text(_("Receipts: status stands at"), initial="status"),
        "receipt_ok": _text(_("Receipts: delivered is"), initial="delivered,DELIVRD,0"),
        **_network(),
    }


def _options(kind: str) -> dict[str, forms.Field]:
    if kind == SenderKind.SMTP:
        return {
            "from": forms.EmailField(label=_("From"), max_length=254),
            "from_name": _text(_("Name of the sender")),
            "starttls": _choice(_("STARTTLS"), YES_NO),
            "ca_file": _network()["ca_file"],
        }
    if kind == SenderKind.HTTP:
        return _gateway()
    if kind == SenderKind.WEBHOOK:
        hint = _("Hosts of our own network that may be reached, with commas; others must be public.")
        return {"inside_hosts": _text(_("Hosts inside"), hint), **_network()}
    if kind == SenderKind.APPRISE:
        return {"text": _choice(_("Text"), (("full", _("subject and text")), ("short", _("the short text"))))}
    if kind == SenderKind.TRIAL:
        return {"refuses": _text(_("Refuses addresses ending in"), _("With commas; to see what failures look like."))}
    return _network()


class SenderForm(forms.Form):
    """A sender of one kind; the fields named `option-…` are its kind's own."""

    channel = forms.ChoiceField(label=_("Channel"))
    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(max_length=400, required=False)
    secret_name = forms.CharField(
        label=_("Variable of the secret"),
        max_length=80,
        required=False,
        help_text=format_lazy(
            _("Name of the environment variable, such as {prefix}SMS; the secret itself is never kept here."),
            prefix=PREFIX,
        ),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, kind: str, *args: Any, sender: Any = None, **kwargs: Any) -> None:
        if sender is not None:
            kwargs["initial"] = _known(sender)
        super().__init__(*args, **kwargs)
        self.kind, fields = kind, dict(self.fields)
        served: Any = fields["channel"]
        served.choices = [(value, Channel(value).label) for value in SERVES[kind]]
        if kind in ADDRESSES:
            fields["address"].label, fields["address"].help_text = ADDRESSES[kind]
        else:
            del self.fields["address"]
        if kind == SenderKind.TRIAL:
            del self.fields["secret_name"]
        for place in {SenderKind.WECOM: WECOM, SenderKind.DINGTALK: DINGTALK}.items():
            if kind == place[0]:
                fields["address"].widget.attrs["placeholder"] = place[1]
        for name, field in _options(kind).items():
            self.fields[f"option-{name}"] = field
        self.fields |= _pace(20 if kind in (SenderKind.WECOM, SenderKind.DINGTALK) else 0)

    def settings(self) -> SenderSettings:
        """Return what was entered."""
        given = self.cleaned_data
        options = {
            name.removeprefix("option-"): value for name, value in given.items() if name.startswith("option-") and value
        }
        if "headers" in options:
            lines = [line.split(":", 1) for line in options["headers"].splitlines() if ":" in line]
            options["headers"] = {name.strip(): value.strip() for name, value in lines}
        plain = {name: given[name] for name in given if not name.startswith("option-")}
        return SenderSettings(kind=self.kind, options=options, **plain)


def _pace(per_minute: int) -> dict[str, forms.Field]:
    def number(label: Any, hint: Any, initial: int, least: int, most: int) -> forms.IntegerField:
        return forms.IntegerField(label=label, help_text=hint, initial=initial, min_value=least, max_value=most)

    return {
        "per_minute": number(_("At most a minute"), _("0: no limit. Group robots take 20."), per_minute, 0, 100_000),
        "at_once": number(_("At once"), _("How many tries may be under way together."), 4, 1, 32),
        "timeout_s": number(_("A try takes at most, seconds"), "", 10, 1, 120),
        "give_up_minutes": number(_("Given up after, minutes"), _("Then the desk is told."), 240, 1, 10_080),
    }


def _known(sender: Any) -> dict[str, Any]:
    options = dict(sender.options)
    if isinstance(options.get("headers"), dict):
        options["headers"] = "\n".join(f"{name}: {value}" for name, value in options["headers"].items())
    names = ("channel", "name", "address", "secret_name", "active", "per_minute", "at_once", "timeout_s")
    known = {name: getattr(sender, name) for name in (*names, "give_up_minutes")}
    return {**known, **{f"option-{name}": value for name, value in options.items()}}
