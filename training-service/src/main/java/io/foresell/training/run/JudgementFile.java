package io.foresell.training.run;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Binning;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.ImportanceSummary;
import io.foresell.training.evaluate.Interval;
import io.foresell.training.evaluate.Judged;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.JudgementJson;
import io.foresell.training.evaluate.Slicer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Writes down all that was found out about a candidate, beside what its manifest says. */
final class JudgementFile {
    private static final int MOST_SLICED_COLUMNS = 50;
    private static final int SLICED_TEXTS = 20;
    private static final int SLICED_NUMBERS = 5;

    private final TrainingSpec spec;
    private final TrainingSet set;
    private final DataChecks checks;
    private final List<String> choice;
    private final BooleanSupplier isCancelled;

    /** Takes sentences that say why a candidate was chosen; none when nobody left that to the service. */
    JudgementFile(
            TrainingSpec spec, TrainingSet set, DataChecks checks, List<String> choice, BooleanSupplier isCancelled) {
        this.spec = spec;
        this.set = set;
        this.checks = checks;
        this.choice = choice;
        this.isCancelled = isCancelled;
    }

    /** Returns the signs of a leak that nobody has accepted, a sentence each. */
    List<String> leaks() {
        return checks.leaks().stream()
                .filter(leak -> !leak.isAccepted())
                .map(Judged.Leak::sentence)
                .toList();
    }

    /** Returns the parts of the model with the file among them. */
    FittedParts addTo(
            FittedParts parts,
            CandidateSpec candidate,
            Evaluation evaluation,
            Judgement judgement,
            ImportanceSummary importance,
            Judged.@Nullable LearningCurve curve,
            Judged.@Nullable Slices slices) {
        List<Judged.Importance> inputs = importance.importance();
        Judged judged = new Judged(
                Judged.FORMAT_VERSION,
                candidate.name(),
                set.task().key(),
                spec.metricOf(set.task()).key(),
                set.classes(),
                evaluation.split(),
                evaluation.trainingRowCount(),
                evaluation.evaluationRowCount(),
                set.task() == Task.BINARY ? judgement.rows().positiveCount() : null,
                new Judged.IntervalMethod(
                        0.95, judgement.resampleCount(), judgement.hasIndependentRows() ? "row" : "entity"),
                metrics(evaluation),
                evaluation.comparisons(),
                evaluation.champion(),
                judgement.calibrationCheck(parts.calibration().isEmpty() ? "none" : parts.calibration()),
                evaluation.lift(),
                judgement.rows().thresholds(spec.judge().payoff()),
                evaluation.decision(),
                slices,
                inputs,
                new PartialDependences(parts)
                        .of(inputs.stream().map(Judged.Importance::input).toList(), isCancelled),
                curve,
                checks.leaks(),
                checks.drift(),
                evaluation.warnings(),
                choice,
                checks.rankings());
        return parts.withFile(JudgementJson.FILE_NAME, JudgementJson.write(judged));
    }

    private static List<Judged.MeasuredMetric> metrics(Evaluation evaluation) {
        List<Judged.MeasuredMetric> metrics = new ArrayList<>();
        evaluation.metrics().forEach((key, value) -> {
            Interval interval = evaluation.metricIntervals().get(key);
            metrics.add(new Judged.MeasuredMetric(
                    key,
                    value,
                    interval == null ? null : interval.low(),
                    interval == null ? null : interval.high(),
                    evaluation.baselineMetrics().get(key),
                    evaluation.metricStandardDeviations().get(key)));
        });
        return metrics;
    }

    /** Returns the judged rows by the values of their columns; null of clusters. */
    Judged.@Nullable Slices slices(Judgement judgement) {
        if (set.task() == Task.CLUSTERS) {
            return null;
        }
        Slicer slicer = new Slicer(judgement.rows());
        HeldOutRows all = HeldOutRows.all(set);
        for (InputField field : set.fields()
                .subList(0, Math.min(MOST_SLICED_COLUMNS, set.fields().size()))) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while slicing");
            }
            Rows rows = all.rows(Signature.of(List.of(field)));
            Binning binning = Binning.of(field, rows, SLICED_NUMBERS, SLICED_TEXTS);
            slicer.add(field.name(), binning.labels(), binning.bins(rows));
        }
        return slicer.slices();
    }
}
