package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Assembles a training set block by block; one owner, not thread-safe. */
public final class TrainingSetBuilder {
    private final FeatureSetInfo info;
    private final long maxCells;
    private final List<TrainingColumnBuilder> columns = new ArrayList<>();
    private final List<String> entityKeys = new ArrayList<>();
    private long[] times = new long[1024];
    private boolean[] labels = new boolean[1024];
    private long cells;

    /** Refuses more values than half of the heap can hold. */
    public TrainingSetBuilder(FeatureSetInfo info) {
        this(info, Runtime.getRuntime().maxMemory() / 2 / Float.BYTES);
    }

    TrainingSetBuilder(FeatureSetInfo info, long maxCells) {
        this.info = info;
        this.maxCells = maxCells;
    }

    /** Returns the number of rows so far. */
    public int rowCount() {
        return entityKeys.size();
    }

    /**
     * Appends rows.
     *
     * @throws ServiceException when a label is neither 0 nor 1, columns differ from the first block's, or the set
     *     grows too large
     */
    public TrainingSetBuilder add(RowBlock block) {
        int rows = block.entityKeys().size();
        requireLength("times", block.timesMillis().length, rows);
        requireLength("labels", block.labels().length, rows);
        if (columns.isEmpty()) {
            block.columns().forEach(column -> columns.add(TrainingColumnBuilder.of(column)));
        }
        requireLength("columns", block.columns().size(), columns.size());
        requireRoom(block, rows);
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).add(block.columns().get(i), rows);
        }
        addLabels(block);
        entityKeys.addAll(block.entityKeys());
        return this;
    }

    /** Returns all rows. */
    public TrainingSet build() {
        int rows = rowCount();
        return new TrainingSet(
                info,
                List.copyOf(entityKeys),
                Arrays.copyOf(times, rows),
                Arrays.copyOf(labels, rows),
                columns.stream().map(TrainingColumnBuilder::build).toList());
    }

    private void addLabels(RowBlock block) {
        int from = rowCount();
        int needed = from + block.labels().length;
        if (needed > times.length) {
            times = Arrays.copyOf(times, Math.max(needed, times.length * 2));
            labels = Arrays.copyOf(labels, times.length);
        }
        for (int i = 0; i < block.labels().length; i++) {
            double label = block.labels()[i];
            if (label != 0 && label != 1) {
                throw new ServiceException(Failure.precondition(
                                "LABEL_NOT_BINARY",
                                "label of row %d (entity %s) in %s: %s (expected: 0 or 1)"
                                        .formatted(
                                                from + i + 1, block.entityKeys().get(i), info.labelView(), label))
                        .with("label_view", info.labelView()));
            }
            times[from + i] = block.timesMillis()[i];
            labels[from + i] = label == 1;
        }
    }

    private void requireRoom(RowBlock block, int rows) {
        for (RowBlock.Column column : block.columns()) {
            cells += (long) rows * (column instanceof RowBlock.Numbers numbers ? numbers.width() : 1);
        }
        if (cells > maxCells) {
            throw new ServiceException(Failure.precondition(
                    "TRAINING_SET_TOO_LARGE",
                    "values in the training set: more than %d after %d rows (expected: at most %d; give the service"
                                    .formatted(maxCells, rowCount() + rows, maxCells)
                            + " more heap, or narrow from_time and until_time)"));
        }
    }

    private static void requireLength(String what, int actual, int expected) {
        if (actual != expected) {
            throw new ServiceException(Failure.dataLoss(
                    "TRAINING_SET_INCONSISTENT", "%s of a block: %d (expected: %d)".formatted(what, actual, expected)));
        }
    }
}
