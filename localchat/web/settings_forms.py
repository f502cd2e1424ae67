"""The forms of the page of settings: one a section, with what is tried before it is kept."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django import forms
from django.conf import settings

from documents.models.rights import GIVEN
from documents.web.views_sharing import WORDS
from localchat.kept_settings import applying
from localchat.kept_settings.catalogue import LONGEST, PORTS, Kept, Section, from_environment
from localchat.kept_settings.models import Setting
from localchat.lib import environment
from localchat.lib.errors import LocalChatError
from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words
from models_mgmt import choosing
from models_mgmt.engines import trying

FORGET = "{}-forget"  # the name of a secret's box
NO_ADDRESS = Sentence("That is no address. It looks like http://127.0.0.1:11434.")
NO_KEY = Sentence("A key has no blanks, and letters of ASCII alone.")
NOT_BY_ADDRESS = Sentence("A model is named by its name, not by an address in a network.")
NO_SERVER = Sentence("Name the server to which it belongs.")


class Row(NamedTuple):
    """A setting as the page shows it; without a field it is the environment's."""

    kept: Kept
    field: forms.BoundField | None
    forget: forms.BoundField | None
    value: object  # in the page's unit; of a secret whether there is one
    chosen: Setting | None


class SectionForm(forms.Form):
    def __init__(self, section: Section, data: Any = None) -> None:
        super().__init__(data)
        self.section = section
        self.found: list[str] = []  # what the trials found, for people
        for kept in section.settings:
            if from_environment(kept.name):
                continue
            self.fields[kept.name] = _field(kept)
            if kept.kind == "secret" and getattr(settings, kept.name):
                self.fields[FORGET.format(kept.name)] = forms.BooleanField(required=False)

    def rows(self, chosen: dict[str, Setting]) -> Iterator[Row]:
        for kept in self.section.settings:
            name, forget = kept.name, FORGET.format(kept.name)
            yield Row(
                kept,
                self[name] if name in self.fields else None,
                self[forget] if forget in self.fields else None,
                _value(kept),
                chosen.get(name),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self.section.key in TRIALS:
            for name, problem in TRIALS[self.section.key](self):
                place = name if name in self.fields else None
                self.add_error(place, in_words(problem))
        return cleaned

    def after(self, name: str) -> Any:
        """What would be in force; of a key that is not given anew what is."""
        if name not in self.fields:
            return getattr(settings, name)
        if self.cleaned_data.get(FORGET.format(name)):
            return ""
        given = self.cleaned_data[name]
        stays = isinstance(self.fields[name], SecretField) and not given
        return getattr(settings, name) if stays else given

    def differs(self, *names: str) -> bool:
        return any(self.after(name) != getattr(settings, name) for name in names)

    def values(self) -> dict[str, Any]:
        """What is to be kept, in the settings' units; a secret only if it is to change."""
        found = {}
        for kept in self.section.settings:
            if kept.name not in self.fields:
                continue
            value = self.cleaned_data[kept.name]
            if kept.kind == "number":
                value = applying.DELIVERED[kept.name] if value is None else value * kept.unit
            if kept.kind == "secret" and not value:
                if self.cleaned_data.get(FORGET.format(kept.name)):
                    found[kept.name] = ""
                continue
            found[kept.name] = value
        return found


def _value(kept: Kept) -> object:
    value = getattr(settings, kept.name)
    if kept.kind == "secret":
        return bool(value)
    if kept.kind == "number" and value % kept.unit:
        return round(value / kept.unit, 3)
    return value // kept.unit if kept.kind == "number" else value


def _field(kept: Kept) -> forms.Field:
    facts: dict[str, Any] = {"label": kept.label, "help_text": kept.hint, "initial": _value(kept)}
    if kept.kind == "flag":
        return forms.BooleanField(required=False, **facts)
    if kept.kind == "choice":
        return forms.ChoiceField(choices=[(r.word, WORDS[r]) for r in GIVEN.values()], **facts)
    if kept.kind == "number":
        least, most = (each // kept.unit for each in environment.BOUNDS[kept.name])
        return forms.IntegerField(min_value=least, max_value=most, required=False, **facts)
    if kept.kind == "secret":
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return SecretField(max_length=LONGEST, required=False, widget=widget, label=kept.label)
    attrs = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
    attrs |= {"list": "models"} if kept.name == "CHAT_MODEL" else {}
    facts |= {"max_length": LONGEST, "required": False, "widget": forms.TextInput(attrs=attrs)}
    return FIELDS[kept.kind](kept.name, **facts)


class SecretField(forms.CharField):
    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if not (value.isascii() and value.isprintable()) or " " in value:
            raise forms.ValidationError(in_words(NO_KEY))
        return str(value)


class NamedField(forms.CharField):
    """The value of the setting of that name."""

    def __init__(self, name: str, **facts: Any) -> None:
        super().__init__(**facts)
        self.name = name

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if "://" in value:
            raise forms.ValidationError(in_words(NOT_BY_ADDRESS))
        return str(value)


class AddressField(NamedField):
    read: Callable[[str, int | None], str] = staticmethod(environment.address)

    def clean(self, value: Any) -> str:
        value = forms.CharField.clean(self, value)
        try:
            return type(self).read(value, PORTS.get(self.name)) if value else ""
        except ValueError as error:
            raise forms.ValidationError(in_words(NO_ADDRESS)) from error


class AddressesField(AddressField):
    read = staticmethod(environment.addresses)


FIELDS: dict[str, type[NamedField]] = {
    "text": NamedField,
    "address": AddressField,
    "addresses": AddressesField,
}
Problems = Iterator[tuple[str, str]]  # the field's name, and a sentence


def _engines(form: SectionForm) -> Problems:
    if form.differs("OLLAMA_HOST"):
        for trial in trying.ollama(form.after("OLLAMA_HOST")):
            yield from _judged(form, "OLLAMA_HOST", trial)
    base, key = form.after("OPENAI_BASE_URL"), _key(form, "OPENAI_API_KEY", "OPENAI_BASE_URL")
    if key and not base:
        yield "OPENAI_API_KEY", NO_SERVER
    elif base and form.differs("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        yield from _judged(form, "OPENAI_BASE_URL", trying.openai_server(base, key))


def _reranking(form: SectionForm) -> Problems:
    model, own = form.after("RERANK_MODEL"), form.after("RERANK_BASE_URL")
    base, key = own or settings.OPENAI_BASE_URL, _key(form, "RERANK_API_KEY", "RERANK_BASE_URL")
    if (model or key) and not base:
        yield "RERANK_BASE_URL", NO_SERVER
    elif model and form.differs("RERANK_MODEL", "RERANK_BASE_URL", "RERANK_API_KEY"):
        if base == settings.OPENAI_BASE_URL:
            key = key or settings.OPENAI_API_KEY
        yield from _judged(form, "RERANK_MODEL", trying.reranker(base, key, model))


def _key(form: SectionForm, name: str, place: str) -> str:
    """The one that would be sent: what is kept goes to no other server than before."""
    given = str(form.cleaned_data.get(name) or "")
    return given if given or form.differs(place) else str(form.after(name))


def _judged(form: SectionForm, name: str, trial: trying.Trial) -> Problems:
    if trial.problem:
        yield name, Sentence("Nothing was kept. %(problem)s", problem=trial.problem)
        return
    said = counted(
        "The server at %(address)s answers, with one model.",
        "The server at %(address)s answers, with %(n)s models.",
        len(trial.models),
        address=trial.address,
    )
    form.found.append(in_words(said))


def _answers(form: SectionForm) -> Problems:
    name = form.after("CHAT_MODEL")
    if not name or not form.differs("CHAT_MODEL"):
        return
    try:
        if not choosing.can_chat(choosing.installed_model(name)):
            yield "CHAT_MODEL", Sentence("%(name)s does not chat. Choose another model.", name=name)
    except LocalChatError as error:
        yield "CHAT_MODEL", error.message


TRIALS: dict[str, Callable[[SectionForm], Problems]] = {
    "engines": _engines,
    "reranking": _reranking,
    "answers": _answers,
}
