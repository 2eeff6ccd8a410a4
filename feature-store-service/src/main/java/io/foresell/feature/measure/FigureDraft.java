package io.foresell.feature.measure;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Figures while they are measured: what a task does not have stays null. One owner. */
final class FigureDraft {
    private final MeasuredRows rows;
    private final int[] labelled;
    private @Nullable Double rocAuc;
    private @Nullable Double rocAucLow;
    private @Nullable Double rocAucHigh;
    private @Nullable Double logLoss;
    private @Nullable Double brier;
    private @Nullable Double calibrationError;
    private List<Figures.Bin> calibration = List.of();
    private @Nullable Double meanAbsoluteError;
    private @Nullable Double rootMeanSquaredError;
    private @Nullable Double meanError;
    private @Nullable Double accuracy;
    private @Nullable Double hitRate;

    FigureDraft(MeasuredRows rows, int[] labelled) {
        this.rows = rows;
        this.labelled = labelled;
    }

    void measureTwoClasses() {
        double[] scores = IntStream.of(labelled).mapToDouble(rows::score).toArray();
        boolean[] outcomes = new boolean[labelled.length];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = rows.number(labelled[i]) == 1;
        }
        TwoClassFigures figures = new TwoClassFigures(scores, outcomes);
        if (figures.hasBothClasses()) {
            TwoClassFigures.Area area = figures.area();
            rocAuc = area.area();
            if (!Double.isNaN(area.low())) {
                rocAucLow = area.low();
                rocAucHigh = area.high();
            }
        }
        logLoss = figures.logLoss();
        brier = figures.brier();
        List<TwoClassFigures.Bin> bins = figures.calibration();
        calibrationError = TwoClassFigures.calibrationError(bins);
        calibration = bins.stream()
                .map(bin -> new Figures.Bin(bin.meanScore(), bin.observedRate(), bin.rowCount()))
                .toList();
    }

    void measureValues() {
        double absolute = 0;
        double squares = 0;
        double sum = 0;
        for (int row : labelled) {
            double error = rows.score(row) - rows.number(row);
            absolute += Math.abs(error);
            squares += error * error;
            sum += error;
        }
        meanAbsoluteError = absolute / labelled.length;
        rootMeanSquaredError = Math.sqrt(squares / labelled.length);
        meanError = sum / labelled.length;
    }

    void measureLabels(boolean areProbabilities) {
        double right = 0;
        double hits = 0;
        double loss = 0;
        for (int row : labelled) {
            right += rows.isRight(row) ? 1 : 0;
            hits += Double.isNaN(rows.listed(row)) ? 0 : 1;
            loss -= Math.log(Math.max(1e-15, Math.min(1, rows.listed(row)))); // NaN when one is not listed
        }
        accuracy = right / labelled.length;
        hitRate = hits / labelled.length;
        if (areProbabilities && !Double.isNaN(loss)) {
            logLoss = loss / labelled.length;
        }
    }

    Figures finish(
            long predictionCount,
            long subjectCount,
            long unusableOutcomeCount,
            long refusedCount,
            NumberSummary scores) {
        double[] numbers = IntStream.of(labelled)
                .mapToDouble(rows::number)
                .filter(number -> !Double.isNaN(number))
                .toArray();
        return new Figures(
                predictionCount,
                subjectCount,
                labelled.length,
                unusableOutcomeCount,
                refusedCount,
                scores,
                NumberSummary.of(numbers),
                labelled.length == 0
                        ? null
                        : IntStream.of(labelled).mapToDouble(rows::score).sum() / labelled.length,
                rocAuc,
                rocAucLow,
                rocAucHigh,
                logLoss,
                brier,
                calibrationError,
                calibration,
                meanAbsoluteError,
                rootMeanSquaredError,
                meanError,
                accuracy,
                hitRate);
    }
}
