"""Who may open the pages of target groups, and note what was opened: answers, ids, ways to ask; a piece of `table`."""

_GROUP = {"pk": "target_group"}
GROUPS: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "web:target-groups": ("in 200 200 200 200 200 200 403 403", {}, ("", "?show=retired")),
    "web:target-group-new": ("in 200 200 403 403 200 200 403 403", {}, ("", "?q=汉江", "?grade=gold")),
    "web:target-group": ("in 200 404 200 404 404 200 403 403", _GROUP, ("",)),
    "web:target-group-retire": ("in 200 404 403 403 404 200 403 403", _GROUP, ("",)),
    "web:find-opened": ("405 405 405 405 405 405 405 405 405", {}, ("",)),
}
