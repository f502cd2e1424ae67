"""The page of what a person wants every answer to know, and its forms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chat.box import notes_kept
from chat.box.mine import mine
from chat.manner import LONGEST_NOTE, NOTES_SENT, AboutMe
from localchat.lib.api import person
from localchat.lib.pages import form_post, telling


@require_http_methods(["GET", "HEAD", "POST"])
@telling
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        new = AboutMe(owner=person(request))
        notes_kept.keep(new, request.POST.get("text", ""), on=True)
        return redirect("about_me")
    notes = notes_kept.every(person(request))
    context = {
        "notes": notes,
        "has_left_out": any(each["on"] and not each["sent"] for each in notes),
        "longest": LONGEST_NOTE,
        "most": NOTES_SENT,
    }
    return render(request, "chat/about_me.html", context)


@form_post
def change(request: HttpRequest, pk: int) -> HttpResponse:
    form = request.POST
    notes_kept.keep(mine(AboutMe, request, pk), form.get("text", ""), on="on" in form)
    return redirect("about_me")


@form_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    mine(AboutMe, request, pk).delete()
    return redirect("about_me")
