package io.foresell.model.graph;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * How raw rows become the floats that a model is fitted on: fitted by training, written into every graph. Encoded
 * columns are all numbers in input order, then the categories of all texts in input order; sequences stay apart as
 * [channels, length] in input order. Immutable.
 */
public final class Preprocessing {
    private final List<InputEncoding> encodings;
    private final Signature signature;
    private final List<NumberEncoding> numbers = new ArrayList<>();
    private final List<TextEncoding> texts = new ArrayList<>();
    private final List<SequenceEncoding> sequences = new ArrayList<>();
    private final int encodedWidth;

    /** Takes one encoding per input, in signature order; all sequences have one length. */
    public Preprocessing(List<InputEncoding> encodings) {
        this.encodings = List.copyOf(encodings);
        List<InputField> fields = new ArrayList<>();
        int width = 0;
        for (InputEncoding encoding : encodings) {
            fields.add(encoding.field());
            if (encoding instanceof NumberEncoding number) {
                numbers.add(number);
                width++;
            } else if (encoding instanceof TextEncoding text) {
                texts.add(text);
                width += text.categories().size();
            } else if (encoding instanceof SequenceEncoding sequence) {
                sequences.add(sequence);
            }
        }
        this.encodedWidth = width;
        this.signature = Signature.of(fields);
        for (SequenceEncoding sequence : sequences) {
            if (sequence.length() != sequenceLength()) {
                throw new IllegalArgumentException("length of %s: %d (expected: %d like %s)"
                        .formatted(
                                sequence.input(),
                                sequence.length(),
                                sequenceLength(),
                                sequences.get(0).input()));
            }
        }
    }

    /** Returns the encodings in input order. */
    public List<InputEncoding> encodings() {
        return encodings;
    }

    /** Returns the raw inputs. */
    public Signature signature() {
        return signature;
    }

    /** Returns the number of encoded columns of numbers and texts, sequences not counted. */
    public int encodedWidth() {
        return encodedWidth;
    }

    /** Returns the number of sequences. */
    public int channels() {
        return sequences.size();
    }

    /** Returns the common length of the sequences; 0 without any. */
    public int sequenceLength() {
        return sequences.isEmpty() ? 0 : sequences.get(0).length();
    }

    /** Returns a name per encoded column: the input, or "input=category". */
    public List<String> encodedNames() {
        List<String> names = new ArrayList<>();
        numbers.forEach(number -> names.add(number.input()));
        texts.forEach(text -> text.categories().forEach(category -> names.add(text.input() + "=" + category)));
        return names;
    }

    /** Returns the encoded numbers and texts, row-major, shape [rowCount, encodedWidth]; as the graph computes them. */
    public float[] encode(Rows rows) {
        rows.requireShape(signature);
        float[] encoded = new float[Math.multiplyExact(rows.rowCount(), encodedWidth)];
        for (int row = 0; row < rows.rowCount(); row++) {
            int column = row * encodedWidth;
            int numberBase = row * signature.numberWidth();
            for (NumberEncoding number : numbers) {
                float x = rows.numbers()[numberBase + signature.offset(number.input())];
                encoded[column++] = ((Float.isNaN(x) ? number.fill() : x) - number.offset()) * number.scale();
            }
            for (TextEncoding text : texts) {
                String value = rows.texts()[row * signature.textWidth() + signature.offset(text.input())];
                int category = text.categories().indexOf(value);
                if (category >= 0) {
                    encoded[column + category] = 1;
                }
                column += text.categories().size();
            }
        }
        return encoded;
    }

    /** Returns the encoded sequences, row-major, shape [rowCount, channels, length]; as the graph computes them. */
    public float[] encodeSequences(Rows rows) {
        rows.requireShape(signature);
        int length = sequenceLength();
        float[] encoded = new float[Math.multiplyExact(rows.rowCount(), channels() * length)];
        for (int row = 0; row < rows.rowCount(); row++) {
            for (int channel = 0; channel < channels(); channel++) {
                SequenceEncoding sequence = sequences.get(channel);
                int from = row * signature.numberWidth() + signature.offset(sequence.input());
                int to = (row * channels() + channel) * length;
                for (int step = 0; step < length; step++) {
                    float x = rows.numbers()[from + step];
                    encoded[to + step] =
                            ((Float.isNaN(x) ? sequence.fill() : x) - sequence.offset()) * sequence.scale();
                }
            }
        }
        return encoded;
    }

    List<NumberEncoding> numbers() {
        return numbers;
    }

    List<TextEncoding> texts() {
        return texts;
    }

    List<SequenceEncoding> sequences() {
        return sequences;
    }
}
