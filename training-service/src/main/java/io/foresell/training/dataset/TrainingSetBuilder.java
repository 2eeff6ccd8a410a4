package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Assembles a training set block by block; one owner, not thread-safe. */
public final class TrainingSetBuilder {
    private final FeatureSetInfo info;
    private final long maxCells;
    private final List<TrainingColumnBuilder> columns = new ArrayList<>();
    private final List<String> entityKeys = new ArrayList<>();
    private long[] times = new long[1024];
    private final List<RowBlock.Target> labels = new ArrayList<>();
    private final @Nullable Task task;
    private long cells;

    /** Lets the labels decide the task; see {@link TrainingSetQuery#task}. */
    public TrainingSetBuilder(FeatureSetInfo info) {
        this(info, null);
    }

    /**
     * Refuses more values than half of the heap can hold.
     *
     * @param task as in {@link TrainingSetQuery#task}
     */
    public TrainingSetBuilder(FeatureSetInfo info, @Nullable Task task) {
        this(info, task, Runtime.getRuntime().maxMemory() / 2 / Float.BYTES);
    }

    TrainingSetBuilder(FeatureSetInfo info, @Nullable Task task, long maxCells) {
        this.info = info;
        this.task = task;
        this.maxCells = maxCells;
    }

    /** Returns the number of rows so far. */
    public int rowCount() {
        return entityKeys.size();
    }

    /**
     * Appends rows.
     *
     * @throws ServiceException when columns differ from the first block's, or the set grows too large
     */
    public TrainingSetBuilder add(RowBlock block) {
        int rows = block.entityKeys().size();
        requireLength("times", block.timesMillis().length, rows);
        requireLength("labels", block.labels().count(), rows);
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

    /**
     * Returns all rows.
     *
     * @throws ServiceException when a label does not suit the task
     */
    public TrainingSet build() {
        int rows = rowCount();
        return new TrainingSet(
                info,
                List.copyOf(entityKeys),
                Arrays.copyOf(times, rows),
                labels(rows),
                columns.stream().map(TrainingColumnBuilder::build).toList());
    }

    private void addLabels(RowBlock block) {
        int from = rowCount();
        int needed = from + block.timesMillis().length;
        if (needed > times.length) {
            times = Arrays.copyOf(times, Math.max(needed, times.length * 2));
        }
        System.arraycopy(block.timesMillis(), 0, times, from, block.timesMillis().length);
        if (!labels.isEmpty() && labels.get(0).getClass() != block.labels().getClass()) {
            throw new ServiceException(Failure.dataLoss(
                    "TRAINING_SET_INCONSISTENT", "labels of a block: of another kind than the first's"));
        }
        labels.add(block.labels());
    }

    private Labels labels(int rows) {
        Place place = new Place(info.labelView(), entityKeys);
        if (task == Task.CLUSTERS || labels.isEmpty() || labels.get(0) instanceof RowBlock.NoTarget) {
            return Labels.none(rows);
        }
        if (labels.get(0) instanceof RowBlock.TextTarget) {
            List<String> texts = new ArrayList<>(rows);
            labels.forEach(each -> texts.addAll(((RowBlock.TextTarget) each).values()));
            return Labels.ofTexts(texts.toArray(new String[0]), task, place);
        }
        double[] values = new double[rows];
        int row = 0;
        for (RowBlock.Target each : labels) {
            double[] block = ((RowBlock.NumberTarget) each).values();
            System.arraycopy(block, 0, values, row, block.length);
            row += block.length;
        }
        return Labels.ofNumbers(values, task, place);
    }

    /** Names a row whose label does not suit. */
    record Place(String labelView, List<String> entityKeys) {
        ServiceException refused(String reason, int row, String label, String expected) {
            return new ServiceException(Failure.precondition(
                            reason,
                            "label of row %d (entity %s) in %s: %s (expected: %s)"
                                    .formatted(
                                            row + 1,
                                            row < entityKeys.size() ? entityKeys.get(row) : "",
                                            labelView,
                                            label,
                                            expected))
                    .with("label_view", labelView));
        }
    }

    private void requireRoom(RowBlock block, int rows) {
        for (RowBlock.Column column : block.columns()) {
            cells += (long) rows * (column instanceof RowBlock.Numbers numbers ? numbers.width() : 1);
        }
        if (cells > maxCells) {
            throw new ServiceException(Failure.precondition(
                    "TRAINING_SET_TOO_LARGE",
                    "values in the training set: more than %d after %d rows (expected: at most %d; a larger"
                                    .formatted(maxCells, rowCount() + rows, maxCells)
                            + " resources.memory_mib, or a narrower from_time and until_time)"));
        }
    }

    private static void requireLength(String what, int actual, int expected) {
        if (actual != expected) {
            throw new ServiceException(Failure.dataLoss(
                    "TRAINING_SET_INCONSISTENT", "%s of a block: %d (expected: %d)".formatted(what, actual, expected)));
        }
    }
}
