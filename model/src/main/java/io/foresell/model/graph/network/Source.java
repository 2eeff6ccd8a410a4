package io.foresell.model.graph.network;

import io.foresell.model.graph.EncodingNodes;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.WordSequenceEncoding;
import java.util.List;

/** Where the values of a network come from: encoded inputs. */
sealed interface Source extends Operation {
    /** All encoded numbers and texts. */
    record Columns() implements Source {
        @Override
        public void write(EncodingNodes encoding, List<Wire> inputs, Wire output) {
            output.set(encoding.encoded());
        }
    }

    /** Sequences of one length. */
    record Sequences(List<SequenceEncoding> sequences) implements Source {
        @Override
        public void write(EncodingNodes encoding, List<Wire> inputs, Wire output) {
            output.set(encoding.sequences(sequences));
        }
    }

    /** The words of a text. */
    record WordIndices(WordSequenceEncoding words) implements Source {
        @Override
        public void write(EncodingNodes encoding, List<Wire> inputs, Wire output) {
            output.set(encoding.words(words));
        }
    }
}
