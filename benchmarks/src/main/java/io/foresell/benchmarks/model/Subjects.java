package io.foresell.benchmarks.model;

import io.foresell.benchmarks.model.Subject.AtMost;
import io.foresell.benchmarks.model.Subject.Faster;
import io.foresell.benchmarks.model.Subject.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Who is measured, and what they have to reach. */
final class Subjects {
    private static final String RUNTIME = "ONNX Runtime";
    private static final String DL4J = "DL4J";
    private static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";
    private static final int BATCH_ROWS = 64;
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<Subject> subjects = new ArrayList<>();

    private Subjects() {}

    static List<Subject> all() {
        Subjects all = new Subjects();
        all.network(ModelFamily.MLP, new Faster(DL4J, 50), new Faster(RUNTIME, 2));
        all.network(ModelFamily.CONVOLUTION, new Faster(DL4J, 15));
        all.network(ModelFamily.LSTM, new Faster(DL4J, 100));
        all.model(ModelFamily.FOREST, new Faster(RUNTIME, 3));
        all.model(ModelFamily.BOOSTED, new Faster(RUNTIME, 3));
        all.model(ModelFamily.LOGISTIC, new Faster(RUNTIME, 5));
        all.explanation("TreeSHAP, 200 trees of depth 6", ModelFamily.BOOSTED, NANOS_PER_MILLI);
        all.explanation("linear contributions, 30 columns", ModelFamily.LOGISTIC, 5_000);
        all.load("first in its process", "first");
        all.load("warm", "again");
        return all.subjects;
    }

    /** With and without vector kernels, against DL4J and ONNX Runtime. */
    private void network(ModelFamily family, Target... oneRow) {
        compiled(family, 1, "compiled", List.of(), oneRow);
        compiled(family, 1, "compiled, vectors", List.of(VECTOR_MODULE), oneRow);
        rival(family, 1, RUNTIME, EngineKind.ONNX_RUNTIME);
        rival(family, 1, DL4J, EngineKind.DL4J);
        compiled(family, BATCH_ROWS, "compiled", List.of(), new Faster(RUNTIME, 1));
        compiled(family, BATCH_ROWS, "compiled, vectors", List.of(VECTOR_MODULE), new Faster(RUNTIME, 1));
        rival(family, BATCH_ROWS, RUNTIME, EngineKind.ONNX_RUNTIME);
        rival(family, BATCH_ROWS, DL4J, EngineKind.DL4J);
    }

    /** Against ONNX Runtime alone. */
    private void model(ModelFamily family, Target... oneRow) {
        compiled(family, 1, "compiled", List.of(), oneRow);
        rival(family, 1, RUNTIME, EngineKind.ONNX_RUNTIME);
        compiled(family, BATCH_ROWS, "compiled", List.of(), new Faster(RUNTIME, 1));
        rival(family, BATCH_ROWS, RUNTIME, EngineKind.ONNX_RUNTIME);
    }

    private void compiled(
            ModelFamily family, int batchRows, String name, List<String> jvmArguments, Target... targets) {
        scorer(family, batchRows, name, EngineKind.COMPILED, jvmArguments, List.of(targets));
    }

    private void rival(ModelFamily family, int batchRows, String name, EngineKind kind) {
        scorer(family, batchRows, name, kind, List.of(), List.of());
    }

    private void scorer(
            ModelFamily family,
            int batchRows,
            String name,
            EngineKind kind,
            List<String> jvmArguments,
            List<Target> targets) {
        subjects.add(new Subject(
                family.title() + (batchRows == 1 ? ", 1 row" : ", %d rows".formatted(batchRows)),
                name,
                method(ScorerBenchmark.class, "score"),
                Map.of("model", family.name(), "engine", kind.name(), "batchRows", Integer.toString(batchRows)),
                jvmArguments,
                batchRows,
                targets));
    }

    private void explanation(String group, ModelFamily family, double mostNanos) {
        subjects.add(new Subject(
                group,
                "compiled",
                method(ExplanationBenchmark.class, "explain"),
                Map.of("model", family.name()),
                List.of(),
                1,
                List.of(new AtMost(mostNanos))));
    }

    private void load(String name, String method) {
        subjects.add(new Subject(
                "package of 1 MB to ready",
                name,
                method(LoadBenchmark.class, method),
                Map.of(),
                List.of(),
                1,
                List.of(new AtMost(200 * NANOS_PER_MILLI))));
    }

    private static String method(Class<?> benchmark, String method) {
        return benchmark.getName() + "." + method;
    }
}
