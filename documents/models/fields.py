"""A tsvector column that we fill ourselves: the terms are made by `words`, not by PostgreSQL."""

from django.contrib.postgres.search import SearchVectorField


class WordsField(SearchVectorField):
    """Terms with their positions, in the text form of a tsvector: `'term':1,7 'other':2`."""
