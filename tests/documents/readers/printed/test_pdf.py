from tests import files_pdf
from tests.documents.readers.reading import read_bytes
from tests.files import _written


def test_what_is_filled_into_a_form_is_read_with_its_page(tmp_path):
    widget = "<< /Type /Annot /Subtype /Widget /Rect [9 9 99 29] {} >>".format
    annotations = [
        widget("/FT /Tx /T (f1) /TU (Name) /V (Ann Archer)"),
        widget("/FT /Tx /T (Town) /V <FEFF004B00F6006C006E>"),
        widget("/FT /Btn /T (Child) /V /Off"),
        widget("/FT /Tx /T (Empty)"),
        "<< /Type /Annot /Subtype /FreeText /Rect [9 9 99 29] /Contents (Typed over) >>",
        "<< /Type /Annot /Subtype /Text /Rect [9 9 99 29] /Contents (Is this so?) >>",
        "<< /Type /Annot /Subtype /Link /Rect [9 9 99 29] /Contents (elsewhere) >>",
    ]
    data = _written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {files_pdf.WIDTH} {files_pdf.HEIGHT}] "
            f"/Annots [{' '.join(annotations)}] >>".encode(),
        ]
    )
    (page,) = read_bytes(tmp_path, data, "form.pdf").pages
    assert page.state == "text"
    assert page.text == "Name: Ann Archer\nTown: Köln\nTyped over\nComment: Is this so?"
