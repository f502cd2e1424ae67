"""What is filled into the fields of a PDF's form, wherever in their tree it stands."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.printed.beside.wide_text import wide_text

NO_FIELD = -1
OPTIONS = 1_000  # of a list
PASSWORD = 1 << 13  # of a field's flags
CHOICES = {pdfium_c.FPDF_FORMFIELD_COMBOBOX, pdfium_c.FPDF_FORMFIELD_LISTBOX}
TICKED = {pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON}
UNSAID = {pdfium_c.FPDF_FORMFIELD_PUSHBUTTON, pdfium_c.FPDF_FORMFIELD_SIGNATURE}
OFF = {"", "Off"}  # a box that is not ticked
INNER = re.compile(r"\[\d+\]$|^\W*\d*\W*$")  # names that nobody reads: topmost[0].page[0].c1[0]

Reader = Callable[..., int]


def line_of(
    annotation: pdfium_c.FPDF_ANNOTATION,
    form: pdfium.PdfFormEnv | None,
    written: Callable[[bytes], str],
) -> str:
    """The field's name and what is filled in; nothing where that is nothing.

    `written`: what the annotation itself has under a key, for fields that are of no form.
    """
    kind = pdfium_c.FPDFAnnot_GetFormFieldType(form, annotation) if form else NO_FIELD
    if form is None or kind == NO_FIELD:
        value = written(b"V")
        name = written(b"TU") or written(b"T")
        return ": ".join(filter(None, (name, value))) if value not in OFF else ""
    if kind in UNSAID or pdfium_c.FPDFAnnot_GetFormFieldFlags(form, annotation) & PASSWORD:
        return ""
    told = _asked(pdfium_c.FPDFAnnot_GetFormFieldAlternateName, form, annotation)
    name = told or _asked(pdfium_c.FPDFAnnot_GetFormFieldName, form, annotation)
    value = _value(kind, annotation, form)
    if kind == pdfium_c.FPDF_FORMFIELD_CHECKBOX and not value and (told or not INNER.search(name)):
        value = "no"
    return ": ".join(filter(None, (name, value))) if value else ""


def _value(kind: int, annotation: pdfium_c.FPDF_ANNOTATION, form: pdfium.PdfFormEnv) -> str:
    if kind in TICKED:
        return _ticked(kind, annotation, form)
    chosen = ", ".join(_chosen(annotation, form)) if kind in CHOICES else ""
    return chosen or _asked(pdfium_c.FPDFAnnot_GetFormFieldValue, form, annotation)


def _ticked(kind: int, annotation: pdfium_c.FPDF_ANNOTATION, form: pdfium.PdfFormEnv) -> str:
    """What a box stands for among its like; of one by itself, that it is ticked."""
    if pdfium_c.FPDFAnnot_IsChecked(form, annotation):
        alone = pdfium_c.FPDFAnnot_GetFormControlCount(form, annotation) == 1
        if alone and kind == pdfium_c.FPDF_FORMFIELD_CHECKBOX:
            return "yes"
        return _asked(pdfium_c.FPDFAnnot_GetFormFieldExportValue, form, annotation) or "yes"
    value = _asked(pdfium_c.FPDFAnnot_GetFormFieldValue, form, annotation)
    return "" if value in OFF else value


def _chosen(annotation: pdfium_c.FPDF_ANNOTATION, form: pdfium.PdfFormEnv) -> Iterator[str]:
    for number in range(min(pdfium_c.FPDFAnnot_GetOptionCount(form, annotation), OPTIONS)):
        if pdfium_c.FPDFAnnot_IsOptionSelected(form, annotation, number):
            yield _asked(pdfium_c.FPDFAnnot_GetOptionLabel, form, annotation, number)


def _asked(reader: Reader, *about: Any) -> str:
    return wide_text(lambda held, size: reader(*about, held, size))
