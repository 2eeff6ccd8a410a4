package io.foresell.training.fit.neighbor;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.RowChunks;
import java.util.ArrayList;
import java.util.List;

/** Keeps encoded training rows, or some of them. */
final class NearestNeighborsFitter implements Fitter {
    /** Rows times columns: what a compiled scorer's memory of a row holds. */
    static final int MAX_VALUES = 1_900_000;

    private static final int LEAST_ROWS = 100;
    private static final int CHUNK_ROWS = 512;

    private final NearestNeighbors parameters;

    NearestNeighborsFitter(NearestNeighbors parameters) {
        this.parameters = parameters;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        int rowCount = request.fold().rowCount();
        int most = Math.min(parameters.maxRows(), MAX_VALUES / preprocessing.encodedWidth());
        if (most < Math.min(LEAST_ROWS, Math.min(rowCount, parameters.maxRows()))) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_COLUMNS",
                    "encoded columns for nearest_neighbors: %d (expected: at most %d, to keep %d rows)"
                            .formatted(preprocessing.encodedWidth(), MAX_VALUES / LEAST_ROWS, LEAST_ROWS)));
        }
        List<String> notes = new ArrayList<>();
        TrainingFold kept = request.fold();
        if (rowCount > most) {
            kept = drawn(request, most);
            notes.add("Of %d training rows %d were drawn at random and kept as neighbours."
                    .formatted(rowCount, kept.rowCount()));
        }
        int k = Math.min(parameters.k(), kept.rowCount());
        if (k < parameters.k()) {
            notes.add("There are only %d rows: all are neighbours of every row.".formatted(k));
        }
        Rows rows = kept.rows(preprocessing.signature());
        Points points = new Points(
                encoded(request, preprocessing, rows),
                preprocessing.encodedWidth(),
                votes(kept),
                weights(request, kept));
        return new FittedNeighbors(preprocessing, kept, points, k, parameters.isByDistance(), List.copyOf(notes));
    }

    /** Draws at most so many rows, classes in proportion. */
    private static TrainingFold drawn(FitRequest request, int most) {
        TrainingFold fold = request.fold();
        // Every class is rounded by half a row at most.
        int target = Math.max(1, most - (fold.classes().size() + 2) / 2);
        TrainingFold drawn =
                fold.holdBack((double) target / fold.rowCount(), request.seed()).heldBack();
        if (drawn.rowCount() == 0) {
            throw new ServiceException(Failure.precondition(
                    "TOO_FEW_ROWS",
                    "rows of nearest_neighbors: 0 of %d by max_rows %d (expected: 1 or more)"
                            .formatted(fold.rowCount(), most)));
        }
        return drawn;
    }

    private static float[] encoded(FitRequest request, Preprocessing preprocessing, Rows rows) {
        int width = preprocessing.encodedWidth();
        float[] encoded = new float[Math.multiplyExact(rows.rowCount(), width)];
        for (int from = 0; from < rows.rowCount(); from += CHUNK_ROWS) {
            request.requireWanted();
            int until = Math.min(rows.rowCount(), from + CHUNK_ROWS);
            float[] chunk = preprocessing.encode(RowChunks.slice(rows, from, until));
            System.arraycopy(chunk, 0, encoded, from * width, chunk.length);
            request.listener().progressed(until, rows.rowCount(), Double.NaN);
        }
        return encoded;
    }

    private static double[][] votes(TrainingFold fold) {
        float[] labels = fold.labels();
        boolean isOfClasses = fold.task() == Task.MULTICLASS;
        double[][] votes =
                new double[labels.length][isOfClasses ? fold.classes().size() : 1];
        for (int row = 0; row < labels.length; row++) {
            votes[row][isOfClasses ? (int) labels[row] : 0] = isOfClasses ? 1 : labels[row];
        }
        return votes;
    }

    private static double[] weights(FitRequest request, TrainingFold kept) {
        float[] weights = new FitRequest(
                        kept,
                        request.preparation(),
                        request.classWeights(),
                        request.seed(),
                        request.listener(),
                        request.isCancelled())
                .weights();
        double[] doubles = new double[weights.length];
        for (int row = 0; row < doubles.length; row++) {
            doubles[row] = weights[row];
        }
        return doubles;
    }
}
