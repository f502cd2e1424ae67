"""What is wrong with a request's own fields, as a sentence of ours."""

from ninja.errors import ValidationError

from localchat.lib.sentences import Sentence

AROUND = {"body", "query", "path", "payload", "form", "file"}  # of a field, not of its name


def sentence(error: ValidationError) -> str:
    """Of the first field that is wrong; in English what we have no words for."""
    first = error.errors[0]
    place = ".".join(str(part) for part in first["loc"] if part not in AROUND)
    context = first.get("ctx", {})
    limits = {name: str(limit) for name, limit in context.items()}
    known = {
        "missing": Sentence("%(place)s: is missing.", place=place),
        "string_type": Sentence("%(place)s: has to be a text.", place=place),
        "bool_type": Sentence("%(place)s: has to be true or false.", place=place),
        "bool_parsing": Sentence("%(place)s: has to be true or false.", place=place),
        "int_type": Sentence("%(place)s: has to be a whole number.", place=place),
        "int_parsing": Sentence("%(place)s: has to be a whole number.", place=place),
        "int_from_float": Sentence("%(place)s: has to be a whole number.", place=place),
        "float_type": Sentence("%(place)s: has to be a number.", place=place),
        "float_parsing": Sentence("%(place)s: has to be a number.", place=place),
        "list_type": Sentence("%(place)s: has to be a list.", place=place),
        "dict_type": Sentence("%(place)s: has to be an object.", place=place),
        "model_attributes_type": Sentence("%(place)s: has to be an object.", place=place),
        "json_invalid": Sentence("This is no JSON."),
        "string_too_short": Sentence(
            "%(place)s: has to have at least %(min_length)s characters.", place=place, **limits
        ),
        "string_too_long": Sentence(
            "%(place)s: may have at most %(max_length)s characters.", place=place, **limits
        ),
        "too_long": Sentence("%(place)s: may have at most %(max_length)s.", place=place, **limits),
        "greater_than_equal": Sentence(
            "%(place)s: has to be at least %(ge)s.", place=place, **limits
        ),
        "less_than_equal": Sentence("%(place)s: may be at most %(le)s.", place=place, **limits),
        "literal_error": Sentence("%(place)s: has to be %(expected)s.", place=place, **limits),
        "enum": Sentence("%(place)s: has to be %(expected)s.", place=place, **limits),
    }
    plain = f"{place or 'request'}: {first['msg']}."
    return (
        known.get(str(first["type"]), plain) if place or first["type"] == "json_invalid" else plain
    )
