"""Names of the joined style sheet and of a page's script."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from localchat.web import assets

register = template.Library()


@register.simple_tag
def styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', assets.url(assets.stylesheet()))


@register.simple_tag
def script(entry: str) -> SafeString:
    address = assets.url(assets.script(entry))
    return format_html('<script type="module" src="{}"></script>', address)
