package io.foresell.inference.serve.tensor;

import com.google.protobuf.ByteString;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.serve.BestLabels;
import io.foresell.inference.serve.RowSlices;
import io.foresell.inference.serve.tensor.PackageQuestion.Want;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.reason.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores the rows of one request and writes the outputs it wants. Owned by the request. */
final class PackageAnswer {
    // A model may answer a million items a row: so many floats are held at once, unless one row has more.
    private static final int MAX_VALUES = 1 << 22;

    // What one answer may hold: floats of 16 MB, texts of some more.
    private static final long MAX_FLOATS = 4_000_000;
    private static final long MAX_TEXTS = 400_000;

    private final ServedVersion served;
    private final Answer answer;
    private final PackageQuestion question;
    private final int rowCount;
    private final List<Column> columns = new ArrayList<>();
    private final BestLabels best;
    private final RowIds ids;
    private final Decisions decisions;

    /**
     * Prepares an answer.
     *
     * @throws ServiceException INVALID_ARGUMENT when it would be too large
     */
    PackageAnswer(ServedVersion served, PackageQuestion question, int rowCount, RowIds ids, Decisions decisions) {
        this.served = served;
        this.answer = served.modelPackage().answer();
        this.question = question;
        this.rowCount = rowCount;
        this.ids = ids;
        this.decisions = decisions;
        this.best = new BestLabels(question.labelCount());
        for (Want want : question.wants()) {
            columns.add(column(want));
        }
    }

    private Column column(Want want) {
        String name = want.output().name(answer.task());
        if (want.classCount() > 0) {
            int width = want.output() == PackageOutput.SCORE ? 1 : answer.width();
            return new Classes(name, Math.min(want.classCount(), width), width);
        }
        return switch (want.output()) {
            case SCORE -> new Floats(name, PackageOutput.SCORE, 1);
            case ALL -> new Floats(name, PackageOutput.ALL, answer.width());
            case SCORES -> new Floats(name, PackageOutput.SCORES, question.labelCount());
            case REFUSED -> new Flags(name);
            case PREDICTION_ID -> new Ids(name);
            case BAND, LABEL -> new Texts(name, want.output(), 1);
            case LABELS -> new Texts(name, want.output(), question.labelCount());
            case REASONS -> new Texts(name, want.output(), question.reasonCount());
        };
    }

    /** Scores the rows, which are as many as were announced. */
    List<OutputTensor> of(Rows rows, Phases phases) {
        int sliceRows = Math.max(1, MAX_VALUES / answer.width());
        float[] values = new float[Math.min(sliceRows, rowCount) * answer.width()];
        for (int first = 0; first < rowCount; first += sliceRows) {
            int count = Math.min(sliceRows, rowCount - first);
            served.scorer().score(RowSlices.of(rows, served.modelPackage().signature(), first, count), values);
            phases.inferred();
            for (int i = 0; i < count; i++) {
                put(rows, first + i, values, i * answer.width());
            }
            phases.written();
        }
        List<OutputTensor> outputs = new ArrayList<>(columns.size());
        for (Column column : columns) {
            outputs.add(column.tensor());
        }
        return outputs;
    }

    private void put(Rows rows, int row, float[] values, int from) {
        boolean isLabelled = !answer.labels().isEmpty();
        if (isLabelled) {
            best.rank(values, from, answer.width());
        }
        int winner = isLabelled ? best.place(0) : 0;
        for (Column column : columns) {
            column.put(rows, row, values, from, winner);
        }
        decisions.put(row, values, from, winner);
    }

    /** One output while it is written. */
    private interface Column {
        void put(Rows rows, int row, float[] values, int from, int winner);

        OutputTensor tensor();
    }

    private List<Long> shape(int width) {
        return List.of((long) rowCount, (long) width);
    }

    private int size(String name, int width, long limit) {
        long size = (long) rowCount * width;
        if (size > limit) {
            throw new ServiceException(Failure.invalid(
                    "ANSWER_TOO_LARGE",
                    "outputs['%s']".formatted(name),
                    "%d rows of %d elements".formatted(rowCount, width),
                    "at most %d elements: fewer rows, or other outputs".formatted(limit)));
        }
        return (int) size;
    }

    private final class Floats implements Column {
        private final String name;
        private final PackageOutput output;
        private final int width;
        private final float[] floats;

        Floats(String name, PackageOutput output, int width) {
            this.name = name;
            this.output = output;
            this.width = width;
            this.floats = new float[size(name, width, MAX_FLOATS)];
        }

        @Override
        public void put(Rows rows, int row, float[] values, int from, int winner) {
            if (output == PackageOutput.SCORE) {
                floats[row] = values[from + winner];
            } else if (output == PackageOutput.ALL) {
                System.arraycopy(values, from, floats, row * width, width);
            } else {
                for (int rank = 0; rank < width; rank++) {
                    floats[row * width + rank] = values[from + best.place(rank)];
                }
            }
        }

        @Override
        public OutputTensor tensor() {
            return OutputTensor.floats(name, shape(width), floats);
        }
    }

    private final class Flags implements Column {
        private final String name;
        private final long[] flags = new long[rowCount];

        Flags(String name) {
            this.name = name;
        }

        @Override
        public void put(Rows rows, int row, float[] values, int from, int winner) {
            flags[row] = served.modelPackage().refuses(values, from) ? 1 : 0;
        }

        @Override
        public OutputTensor tensor() {
            return OutputTensor.integers(name, Datatype.BOOL, shape(1), flags);
        }
    }

    private final class Ids implements Column {
        private final String name;
        private final ByteString[] texts;

        Ids(String name) {
            this.name = name;
            this.texts = new ByteString[size(name, 1, MAX_TEXTS)];
        }

        @Override
        public void put(Rows rows, int row, float[] values, int from, int winner) {
            texts[row] = text(ids.text(row));
        }

        @Override
        public OutputTensor tensor() {
            return OutputTensor.bytes(name, shape(1), Arrays.asList(texts));
        }
    }

    private final class Texts implements Column {
        private final String name;
        private final PackageOutput output;
        private final int width;
        private final ByteString[] texts;
        private final double[] contributions;

        Texts(String name, PackageOutput output, int width) {
            this.name = name;
            this.output = output;
            this.width = width;
            this.texts = new ByteString[size(name, width, MAX_TEXTS)];
            this.contributions = output == PackageOutput.REASONS
                    ? new double[served.modelPackage().signature().inputs().size()]
                    : new double[0];
            Arrays.fill(texts, ByteString.EMPTY);
        }

        @Override
        public void put(Rows rows, int row, float[] values, int from, int winner) {
            if (output == PackageOutput.REASONS) {
                explain(rows, row, winner);
            } else if (output == PackageOutput.LABELS) {
                for (int rank = 0; rank < width; rank++) {
                    texts[row * width + rank] = text(answer.labels().get(best.place(rank)));
                }
            } else if (!served.modelPackage().refuses(values, from)) {
                texts[row] = text(
                        output == PackageOutput.LABEL
                                ? answer.labels().get(winner)
                                : served.band(values[from], decisions.bands()));
            }
        }

        private void explain(Rows rows, int row, int winner) {
            int target = question.reasonTarget() == PackageQuestion.WINNER ? winner : question.reasonTarget();
            served.scorer().contributions(rows, row, target, contributions);
            int place = row * width;
            for (Reason reason :
                    served.reasons().strongest(rows, row, contributions, target, width, question.language())) {
                texts[place++] = text("{\"feature\":%s,\"value\":%s,\"contribution\":%s,\"sentence\":%s}"
                        .formatted(
                                JsonText.quoted(reason.input()),
                                JsonText.quoted(reason.value()),
                                JsonText.number(reason.contribution()),
                                JsonText.quoted(reason.sentence())));
            }
        }

        @Override
        public OutputTensor tensor() {
            return OutputTensor.bytes(name, shape(width), Arrays.asList(texts));
        }
    }

    /** Classes instead of values, best first: {@code value:index:label}. */
    private final class Classes implements Column {
        private final String name;
        private final int count;
        private final int width;
        private final BestLabels ranked;
        private final ByteString[] texts;

        Classes(String name, int count, int width) {
            this.name = name;
            this.count = count;
            this.width = width;
            this.ranked = new BestLabels(count);
            this.texts = new ByteString[size(name, count, MAX_TEXTS)];
        }

        @Override
        public void put(Rows rows, int row, float[] values, int from, int winner) {
            int first = width == 1 ? from + winner : from;
            ranked.rank(values, first, width);
            for (int rank = 0; rank < count; rank++) {
                int place = ranked.place(rank);
                String label =
                        answer.labels().isEmpty() ? "" : ":" + answer.labels().get(width == 1 ? winner : place);
                texts[row * count + rank] = text(values[first + place] + ":" + (width == 1 ? winner : place) + label);
            }
        }

        @Override
        public OutputTensor tensor() {
            return OutputTensor.bytes(name, shape(count), Arrays.asList(texts));
        }
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
