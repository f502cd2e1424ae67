"""Documents in the admin: names and states, never texts."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join

from documents.desk import cancelling, collections, deleting, rereading, uploading
from documents.measuring import trend_line
from documents.models import Collection, Document, EvaluationRun, Grant
from documents.pages import flags, unread
from localchat.accounts.admin import Listed
from localchat.accounts.forms import NewPersonForm, PersonForm
from localchat.lib.api import person
from localchat.lib.pages import telling


class UploadForm(forms.ModelForm):
    file = forms.FileField(help_text="It is read in the background.")
    collection = forms.CharField(required=False, help_text="Made if it is not there")

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()


@admin.register(Document)
class DocumentAdmin(Listed):
    list_display = ("name", "owner", "collection", "state", "pages", "size", "created")
    list_filter = ("status", "collection", "created")
    search_fields = ("name",)
    actions = ("retry_selected", "read_older_selected", "stop_selected")
    list_select_related = ("owner", "collection", "current__content", "incoming__content")

    def get_fields(self, request: HttpRequest, obj: Document | None = None) -> list[Any]:
        if obj is None:
            return ["file", "collection"]
        facts = ["state", "pages", "not_read", "flagged", "size", "created", "finished"]
        return ["name", "owner", "collection", *facts]

    def get_readonly_fields(self, request: HttpRequest, obj: Document | None = None) -> list[Any]:
        return [] if obj is None else self.get_fields(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        if obj is None:
            return UploadForm
        return super().get_form(request, obj, change, **kwargs)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A file that is refused is told why."""
        answer = telling(super().add_view)(request, form_url, extra_context)
        return cast(HttpResponse, answer)

    def save_form(self, request, form, change):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """An added document comes in by the front desk, like every other."""
        if change:
            return super().save_form(request, form, change)
        file = form.cleaned_data["file"]
        accepted = uploading.accept_named(
            file,
            name=file.name,
            by=person(request),
            collection=form.cleaned_data["collection"],
        )
        return accepted.document

    def save_model(self, request, obj, form, change):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """The front desk has written the row."""

    def save_related(self, request, form, formsets, change):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """A document has none."""

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        self.message_user(request, deleting.delete(obj).sentence(obj.name))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        self.message_user(request, deleting.delete_all(queryset.only("pk")).sentence())

    @admin.action(description="Read again what failed", permissions=["change"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        count = cancelling.retry_failed(queryset)
        self.message_user(request, f"{count} documents are read again.")

    @admin.action(description="Read again what an older reader has read", permissions=["change"])
    def read_older_selected(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        chosen = Document.objects.filter(pk__in=queryset.values("pk"))
        count = len(rereading.read_older(chosen))
        self.message_user(request, f"{count} documents are read again.")

    @admin.action(description="Stop reading", permissions=["change"])
    def stop_selected(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        count = cancelling.cancel(queryset)
        self.message_user(request, f"{count} documents were stopped.")

    @admin.display(description="state", ordering="status")
    def state(self, document: Document) -> str:
        if document.problem:
            return format_html("failed: {}", document.problem)
        return document.waiting or document.get_status_display()

    @admin.display(description="pages")
    def pages(self, document: Document) -> int | None:
        return document.newest.content.pages if document.newest else None

    @admin.display(description="not read", empty_value="nothing")
    def not_read(self, document: Document) -> str | None:
        content = document.newest.content if document.newest else None
        return unread.things(content) or None

    @admin.display(description="speaks to models", empty_value="nowhere")
    def flagged(self, document: Document) -> str | None:
        return flags.sentence(document.newest.content if document.newest else None) or None

    @admin.display(description="bytes")
    def size(self, document: Document) -> int | None:
        return document.newest.content.size if document.newest else None


class GrantInline(admin.TabularInline):
    """With whom it is shared; that can be taken back here."""

    model = Grant
    extra = 0
    fields = readonly_fields = ("person", "group", "role", "created")

    def has_add_permission(self, request: HttpRequest, obj: Collection | None = None) -> bool:
        return False


@admin.register(Collection)
class CollectionAdmin(Listed):
    list_display = ("name", "owner", "shared", "created")
    search_fields = ("name",)
    fields = ("name", "owner", "created")
    readonly_fields = ("owner", "created")
    inlines = (GrantInline,)

    @admin.display(description="shared with")
    def shared(self, collection: Collection) -> int:
        return collection.grants.count()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Collection) -> None:
        self.message_user(request, collections.delete(obj).sentence())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Collection]) -> None:
        for collection in queryset:
            self.delete_model(request, collection)


def _rounded(value: float | str) -> str:
    """Counts whole, milliseconds roughly, shares to the fourth place."""
    if isinstance(value, int | str):
        return str(value)
    return f"{value:.4f}" if value <= 1 else f"{value:.0f}"


def _figure(name: str) -> Callable[[object, EvaluationRun], str]:
    @admin.display(description=name)
    def shown(_: object, run: EvaluationRun) -> str:
        value = run.figures.get(name)
        return "" if value is None else _rounded(value)

    return shown


@admin.register(EvaluationRun)
class EvaluationRunAdmin(Listed):
    """What `manage.py evaluate` measured, with a small chart over time for each folder."""

    list_display = (
        *("made", "folder", "in_document", "queries", "ndcg", "recall", "mrr", "median"),
        *("accuracy", "chat_model"),
    )
    ndcg, recall, mrr = map(_figure, ("nDCG@10", "Recall@10", "MRR@10"))
    median, accuracy, chat_model = map(_figure, ("p50 ms", "accuracy", "model"))
    list_filter = ("folder", "in_document")
    fields = ("made", "owner", "folder", "in_document", "documents", "queries", "measured")
    readonly_fields = fields

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        charts = trend_line.charts(list(EvaluationRun.objects.all()[:1000]))
        context = {**(extra_context or {}), "charts": charts, "title": "Evaluation runs"}
        return super().changelist_view(request, context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: EvaluationRun | None = None) -> bool:
        return False

    @admin.display(description="Figures")
    def measured(self, run: EvaluationRun) -> str:
        shown = ((name, _rounded(value)) for name, value in sorted(run.figures.items()))
        rows = format_html_join("", "<tr><th scope='row'>{}</th><td>{}</td></tr>", shown)
        return format_html("<table>{}</table>", rows)


RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(Listed, UserAdmin):
    """A person's documents go with their files, of which the rows know nothing."""

    form, add_form = PersonForm, NewPersonForm

    def get_deleted_objects(self, objs, request):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """How much goes with them; the usual list would show what it is called."""
        people = list(objs)
        documents = Document.objects.filter(owner__in=people).count()
        counts = {"users": len(people), "documents": documents}
        return [str(each) for each in people], counts, self.not_allowed(request, people), []

    def not_allowed(self, request: HttpRequest, people: list[User]) -> set[str]:
        """What would go with them, and may not be deleted by who asks."""
        missing = {"superuser" for each in people if not self.has_delete_permission(request, each)}
        for relation in User._meta.related_objects:
            model = relation.related_model
            if not admin.site.is_registered(model):
                continue
            may = admin.site.get_model_admin(model).has_delete_permission(request)
            rows = model._base_manager.filter(**{f"{relation.field.name}__in": people})
            if not may and rows.exists():
                missing.add(str(model._meta.verbose_name))
        return missing

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        """Rights are given by those alone who have them all."""
        fields = [*super().get_readonly_fields(request, obj)]
        return fields if person(request).is_superuser else [*fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """With a new password one has what the account may do."""
        asks, may = person(request), super().has_change_permission(request, obj)
        more = obj is not None and (obj.is_staff or obj.is_superuser) and obj != asks
        return may and (asks.is_superuser or not more)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.is_superuser or person(request).is_superuser)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        deleting.clear(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for each in queryset:
            self.delete_model(request, each)
