package io.foresell.model.graph;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How raw rows become the floats that a model is fitted on: fitted by training, written into every graph. Encoded
 * columns are all numbers and steps of flat sequences in input order (those with bounds or compression after the plain
 * ones), then the columns of everything else in input order, after which steps may select or project; sequences of networks stay apart as [channels, length] in
 * input order. Immutable.
 */
public final class Preprocessing {
    private final List<InputEncoding> encodings;
    private final List<InputEncoding> fittedEncodings;
    private final Signature signature;
    private final List<ColumnBlock> blocks;
    /** What {@link #encode} computes: of training rows it may be another number than the graph's. */
    private final List<ColumnBlock> fittedBlocks;

    private final List<SequenceEncoding> sequences = new ArrayList<>();
    private final ColumnSteps steps;
    private final int blockWidth;
    private final int encodedWidth;

    /** Takes encodings in signature order; an input may have several. */
    public Preprocessing(List<InputEncoding> encodings) {
        this(encodings, List.of());
    }

    /** Takes steps that all encoded columns go through after that, in this order. */
    public Preprocessing(List<InputEncoding> encodings, List<ColumnStep> steps) {
        this(encodings, encodings, steps);
    }

    /**
     * Takes encodings that also know texts which no row to be answered has: training tags the texts of its rows, so that a number
     * that was fitted with labels is, for each row, one that never saw the row's own.
     *
     * @param encodings what is written and served
     * @param fitted what {@link #encode} computes: the same columns, and the same values for rows without tags
     */
    public Preprocessing(List<InputEncoding> encodings, List<InputEncoding> fitted, List<ColumnStep> steps) {
        this.encodings = List.copyOf(encodings);
        this.fittedEncodings = fitted.equals(encodings) ? this.encodings : List.copyOf(fitted);
        this.signature = signature(encodings);
        this.blocks = ColumnBlocks.of(encodings, signature);
        this.fittedBlocks = ColumnBlocks.of(fittedEncodings, signature);
        Parameters.requireLength(
                "columns of the fitted encodings",
                fittedBlocks.stream().mapToInt(ColumnBlock::width).sum(),
                blocks.stream().mapToInt(ColumnBlock::width).sum());
        this.blockWidth = blocks.stream().mapToInt(ColumnBlock::width).sum();
        this.steps = new ColumnSteps(steps, blockWidth);
        this.encodedWidth = this.steps.outputs(blockWidth);
        for (InputEncoding encoding : encodings) {
            if (encoding instanceof SequenceEncoding sequence) {
                sequences.add(sequence);
            }
        }
    }

    private static Signature signature(List<InputEncoding> encodings) {
        Map<String, InputField> fields = new LinkedHashMap<>();
        for (InputEncoding encoding : encodings) {
            InputField field = encoding.field();
            InputField first = fields.putIfAbsent(field.name(), field);
            if (first != null && !first.equals(field)) {
                throw new IllegalArgumentException(
                        "input %s: %s and %s (expected: one kind and width)".formatted(field.name(), first, field));
            }
        }
        return Signature.of(List.copyOf(fields.values()));
    }

    /** Returns the encodings in input order. */
    public List<InputEncoding> encodings() {
        return encodings;
    }

    /** Returns the raw inputs. */
    public Signature signature() {
        return signature;
    }

    /** Returns the number of encoded columns, sequences of networks not counted. */
    public int encodedWidth() {
        return encodedWidth;
    }

    /** Returns the number of sequences. */
    public int channels() {
        return sequences.size();
    }

    /**
     * Returns the common length of the sequences; 0 without any.
     *
     * @throws IllegalArgumentException when their lengths differ
     */
    public int sequenceLength() {
        return sequences.isEmpty() ? 0 : commonLength(sequences);
    }

    /** Returns the length of sequences, at least one, and refuses different ones. */
    public static int commonLength(List<SequenceEncoding> sequences) {
        SequenceEncoding first = sequences.get(0);
        for (SequenceEncoding sequence : sequences) {
            if (sequence.length() != first.length()) {
                throw new IllegalArgumentException("length of %s: %d (expected: %d like %s)"
                        .formatted(sequence.input(), sequence.length(), first.length(), first.input()));
            }
        }
        return first.length();
    }

    /** Returns a name per encoded column: the input, or "input=category" and the like. */
    public List<String> encodedNames() {
        return steps.names(
                blocks.stream().flatMap(block -> block.names().stream()).toList());
    }

    /** Returns per encoded column whether it says that a text is one category: always 0 or 1, at most one 1 per text. */
    public boolean[] indicators() {
        boolean[] indicators = new boolean[blockWidth];
        int at = 0;
        for (ColumnBlock block : blocks) {
            Arrays.fill(indicators, at, at + block.width(), block instanceof CategoryBlock);
            at += block.width();
        }
        return steps.indicators(indicators);
    }

    /** Returns the name of the input of each column before the steps. */
    public List<String> columnInputs() {
        List<String> inputs = new ArrayList<>();
        for (ColumnBlock block : blocks) {
            for (int column = 0; column < block.width(); column++) {
                inputs.add(block.input(column));
            }
        }
        return inputs;
    }

    /** Returns this with more steps at the end. */
    public Preprocessing then(List<ColumnStep> more) {
        List<ColumnStep> all = new ArrayList<>(steps.all());
        all.addAll(more);
        return new Preprocessing(encodings, fittedEncodings, all);
    }

    /** Returns the encoded columns, row-major, shape [rowCount, encodedWidth]; as the graph computes them. */
    public float[] encode(Rows rows) {
        rows.requireShape(signature);
        float[] encoded = new float[Math.multiplyExact(rows.rowCount(), blockWidth)];
        for (int row = 0; row < rows.rowCount(); row++) {
            int at = row * blockWidth;
            for (ColumnBlock block : fittedBlocks) {
                block.encode(rows, row, encoded, at);
                at += block.width();
            }
        }
        return steps.apply(encoded, rows.rowCount());
    }

    /** Gives the encoded columns of the rows [from, until) without their zeros; the same numbers as {@link #encode}. */
    public void encodeSparse(Rows rows, int from, int until, ColumnSink sink) {
        rows.requireShape(signature);
        int scratchWidth =
                fittedBlocks.stream().mapToInt(ColumnBlock::width).max().orElse(0);
        float[] scratch = new float[scratchWidth];
        float[] dense = new float[steps.all().isEmpty() ? 0 : blockWidth];
        ColumnSink target = steps.all().isEmpty() ? sink : ColumnBlock.into(dense);
        for (int row = from; row < until; row++) {
            int at = 0;
            for (ColumnBlock block : fittedBlocks) {
                block.encodeSparse(rows, row, at, scratch, target);
                at += block.width();
            }
            if (dense.length > 0) {
                give(steps.apply(dense, 1), sink);
                Arrays.fill(dense, 0);
            }
            sink.endRow();
        }
    }

    private static void give(float[] row, ColumnSink sink) {
        for (int column = 0; column < row.length; column++) {
            if (row[column] != 0) {
                sink.add(column, row[column]);
            }
        }
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
                sequence.encode(rows.numbers(), from, encoded, to);
            }
        }
        return encoded;
    }

    /** Writes the nodes of all encoded columns and returns their name, [N, encodedWidth]. */
    String write(GraphBuilder graph) {
        return steps.write(
                graph,
                graph.concat(blocks.stream().map(block -> block.write(graph)).toList()));
    }

    List<ColumnBlock> blocks() {
        return blocks;
    }

    /** Returns the encodings of sequences in input order. */
    public List<SequenceEncoding> sequences() {
        return sequences;
    }
}
