"""Formulas as linear text, whoever wrote them."""

from documents.readers.common.formulas_mathml import of_mathml
from documents.readers.common.formulas_omml import of_omml

__all__ = ["of_mathml", "of_omml"]
