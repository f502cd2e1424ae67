"""The tokenizer of XLM-RoBERTa, made from its pieces: a unigram model after NFKC."""

from collections.abc import Sequence

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

START, PAD, END, UNKNOWN = "<s>", "<pad>", "</s>", "<unk>"
# Beside NFKC: characters that count as none, as blanks, and one that stays as it is.
NONE = r"[\x{01}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"
BLANKS = r"[\t\n\f\r\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"
WAVE, FOR_WAVE = "\uff5e", "\uf8ff"


def tokenizer(vocabulary: Sequence[tuple[str, float]]) -> Tokenizer:
    """`vocabulary`: pieces with their logarithmic probabilities, in the order of their ids."""
    ids = {piece: n for n, (piece, _) in enumerate(vocabulary)}
    made = Tokenizer(models.Unigram(list(vocabulary), unk_id=ids[UNKNOWN], byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(NONE), ""),
            normalizers.Replace(Regex(BLANKS), " "),
            normalizers.Replace(WAVE, FOR_WAVE),
            normalizers.NFKC(),
            normalizers.Replace(FOR_WAVE, WAVE),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    made.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}",
        special_tokens=[(START, ids[START]), (END, ids[END])],
    )
    made.add_special_tokens(
        [AddedToken(each, special=True, normalized=False) for each in (START, PAD, END, UNKNOWN)]
    )
    return made
