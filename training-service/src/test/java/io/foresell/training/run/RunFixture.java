package io.foresell.training.run;

import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.ModelPackage;
import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.SplitPlan.FoldBy;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetBuilder;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.prepare.Preparation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Customers to train on, and what a run makes of them. */
final class RunFixture {
    static final long DAY_MILLIS = 86_400_000;

    static final SplitPlan THREE_FOLDS = new SplitPlan.KFold(3, FoldBy.ROW_INDEX);

    static final BoostedTrees FEW_TREES = new BoostedTrees(10, 0.3, 3, 0, 1, 1, 1, 1);

    private RunFixture() {}

    static List<CandidateOutcome> run(TrainingSpec spec, TrainingSet set, List<Progress> progress) {
        return new TrainingRun(1).run(spec, (query, listener, cancelled) -> set, progress::add, () -> false);
    }

    static TrainingSpec spec(SplitPlan split, PublishRule publish, Algorithm... parameters) {
        return new TrainingSpec(
                "churn",
                new TrainingSetQuery("shop", "left", null, 0, 0),
                Arrays.stream(parameters)
                        .map(each -> new CandidateSpec("", each, ClassWeights.EQUAL))
                        .toList(),
                Preparation.NONE,
                split,
                Metric.ROC_AUC,
                42,
                publish,
                "who leaves",
                Map.of("en", "risk of leaving"));
    }

    /** One row a day; few visits and the plan "basic" make leaving likelier. */
    static TrainingSet customers(int rowCount) {
        double[] labels = labels(rowCount);
        Random random = new Random(6);
        double[] ages = IntStream.range(0, rowCount)
                .mapToDouble(row -> random.nextInt(5) == 0 ? Double.NaN : random.nextInt(70))
                .toArray();
        int[] plans = IntStream.range(0, rowCount)
                .map(row -> random.nextInt(4) == 0 ? -1 : (labels[row] == 1 ? 0 : random.nextInt(2)))
                .toArray();
        return set(
                labels,
                new RowBlock.Numbers("visits", 1, noisy(labels, 0.8)),
                new RowBlock.Numbers("age", 1, ages),
                new RowBlock.Texts("plan", List.of("basic", "premium"), plans));
    }

    static TrainingSet set(double[] labels, RowBlock.Column... columns) {
        List<String> keys =
                IntStream.range(0, labels.length).mapToObj(row -> "c" + row).toList();
        long[] times = new long[labels.length];
        Arrays.setAll(times, row -> row * DAY_MILLIS);
        FeatureSetInfo info =
                new FeatureSetInfo("shop", "hash", "left", "customer", Map.of("visits", "Visits this month"));
        return new TrainingSetBuilder(info)
                .add(new RowBlock(keys, times, new RowBlock.NumberTarget(labels), List.of(columns)))
                .build();
    }

    static double[] labels(int count) {
        Random random = new Random(8);
        double[] labels = new double[count];
        Arrays.setAll(labels, row -> row == 0 ? 1 : random.nextInt(3) == 0 ? 1 : 0);
        return labels;
    }

    static double[] noisy(double[] labels, double noise) {
        Random random = new Random(4);
        double[] values = new double[labels.length];
        Arrays.setAll(values, row -> 3 - labels[row] + noise * random.nextGaussian());
        return values;
    }

    static RowBlock.Numbers numbers(int count) {
        return new RowBlock.Numbers(
                "visits",
                1,
                IntStream.range(0, count).mapToDouble(row -> row % 7).toArray());
    }

    static double[] filled(int count, double value) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }

    static Manifest manifest(CandidateOutcome outcome) {
        return ModelPackage.read(outcome.packageBytes().orElseThrow()).manifest();
    }

    static String report(CandidateOutcome outcome) throws IOException {
        return new String(file(outcome, "source/report.html"), StandardCharsets.UTF_8);
    }

    static byte[] file(CandidateOutcome outcome, String name) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(
                new ByteArrayInputStream(outcome.packageBytes().orElseThrow()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(name)) {
                    return zip.readAllBytes();
                }
            }
        }
        throw new AssertionError("no " + name);
    }
}
