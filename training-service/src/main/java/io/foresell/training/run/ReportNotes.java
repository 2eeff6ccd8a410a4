package io.foresell.training.run;

import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.manifest.Manifest;
import io.foresell.training.evaluate.AnswerShape;
import io.foresell.training.evaluate.ClusterProfile;
import io.foresell.training.evaluate.ClusterProfiler;
import io.foresell.training.evaluate.Example;
import io.foresell.training.report.ReportContent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the report shows and the manifest does not hold.
 *
 * @param shape of the answers to all judged rows; empty without labels
 * @param clusters of the published model; empty for any other task
 */
record ReportNotes(Optional<AnswerShape> shape, List<Example> examples, Optional<ClusterProfile> clusters) {
    ReportNotes {
        examples = List.copyOf(examples);
    }

    /** Adds what only the published model can tell: the clusters of one fold are not those of another. */
    ReportNotes completed(FittedParts parts, ExampleCollector typical, BooleanSupplier isCancelled) {
        if (parts.answer().task() != Task.CLUSTERS) {
            return this;
        }
        Rows rows = parts.fold().rows(parts.signature());
        int width = parts.answer().width();
        float[] answers = new float[rows.rowCount() * width];
        parts.scorer().score(rows, answers);
        ClusterProfiler profiler =
                new ClusterProfiler(parts.signature(), parts.answer().labels());
        for (int row = 0; row < rows.rowCount(); row++) {
            profiler.add(rows, row, FoldJudge.highest(answers, row, width));
        }
        typical.addTypical(parts, rows, answers, isCancelled);
        return new ReportNotes(shape, typical.examples(), Optional.of(profiler.profile()));
    }

    /** Returns what the report is made of; {@code source} are the other files of the package. */
    ReportContent content(Manifest manifest, Map<String, byte[]> source) {
        return new ReportContent(manifest, shape, examples, clusters, source);
    }
}
