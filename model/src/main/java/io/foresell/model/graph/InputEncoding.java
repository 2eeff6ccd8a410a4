package io.foresell.model.graph;

import io.foresell.model.InputField;

/** How one raw input becomes floats. */
public sealed interface InputEncoding
        permits NumberEncoding,
                FlatSequenceEncoding,
                BinnedEncoding,
                DateEncoding,
                MissingEncoding,
                TextEncoding,
                TextBucketEncoding,
                TextNumberEncoding,
                TextVectorEncoding,
                WordsEncoding,
                CharactersEncoding,
                SequenceEncoding,
                WordSequenceEncoding {
    /** Returns the input that is encoded. */
    InputField field();
}
