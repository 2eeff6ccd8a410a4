package io.foresell.model.graph;

import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.model.onnx.TensorProto;
import java.util.ArrayList;
import java.util.List;

/** The end of a graph: scores [N, outputs] become the answer of a task, in the output named for it (longer when an input has its name). Immutable. */
public final class Head {
    /** What scores are. */
    private enum Link {
        /** One log-odds, or one logit per class that sum up in a softmax. */
        LOGITS,
        /** One log-odds per class, each against all others. */
        ONE_VERSUS_REST,
        /** Probabilities. */
        PROBABILITIES,
        /** The answer itself. */
        NONE
    }

    private final Task task;
    private final Link link;
    private final List<Calibration> calibrations;
    private final int topCount;

    private Head(Task task, Link link, List<Calibration> calibrations) {
        this(task, link, calibrations, 0);
    }

    private Head(Task task, Link link, List<Calibration> calibrations, int topCount) {
        this.task = task;
        this.link = link;
        this.topCount = topCount;
        this.calibrations = List.copyOf(calibrations);
    }

    /** One score, the log-odds, becomes "probability". */
    public static Head binary(Calibration calibration) {
        return new Head(Task.BINARY, Link.LOGITS, List.of(calibration));
    }

    /** One score, already P(positive), becomes "probability". */
    public static Head binaryOfProbability(Calibration calibration) {
        return new Head(Task.BINARY, Link.PROBABILITIES, List.of(calibration));
    }

    /**
     * A logit per class becomes "probabilities" by softmax.
     *
     * @param calibrations none, or one per class, after which the classes are scaled to a sum of 1
     */
    public static Head multiclass(List<Calibration> calibrations) {
        return new Head(Task.MULTICLASS, Link.LOGITS, calibrations);
    }

    /** A log-odds per class, each against all others, becomes "probabilities": sigmoids, calibrated, scaled to a sum of 1. */
    public static Head multiclassOneVersusRest(List<Calibration> calibrations) {
        return new Head(Task.MULTICLASS, Link.ONE_VERSUS_REST, calibrations);
    }

    /** A probability per class becomes "probabilities"; calibrations as in {@link #multiclass}. */
    public static Head multiclassOfProbabilities(List<Calibration> calibrations) {
        return new Head(Task.MULTICLASS, Link.PROBABILITIES, calibrations);
    }

    /** One score is the "value". */
    public static Head regression() {
        return new Head(Task.REGRESSION, Link.NONE, List.of());
    }

    /** The scores are the "memberships", highest wins. */
    public static Head clusters() {
        return new Head(Task.CLUSTERS, Link.NONE, List.of());
    }

    /** Posteriors of clusters: the softmax of the scores becomes the "memberships". */
    public static Head clustersOfLogits() {
        return new Head(Task.CLUSTERS, Link.LOGITS, List.of());
    }

    /**
     * The scores of items are the "scores"; "top_scores" and "top_items" [N, topCount] are the highest, highest first, and
     * their indexes (64-bit integers), of equal ones the lower index first.
     */
    public static Head ranking(int topCount) {
        if (topCount < 1) {
            throw new IllegalArgumentException("top count: %d (expected: 1 or more)".formatted(topCount));
        }
        return new Head(Task.RANKING, Link.NONE, List.of(), topCount);
    }

    /**
     * Returns what a file with this head answers.
     *
     * @param labels classes, clusters or items in the order of the scores; empty for a binary answer or a regression
     */
    public Answer answerOf(List<String> labels) {
        return new Answer(task, outputName(), 0, labels);
    }

    private String outputName() {
        return switch (task) {
            case BINARY -> "probability";
            case MULTICLASS -> "probabilities";
            case REGRESSION -> "value";
            case CLUSTERS -> "memberships";
            case RANKING -> "scores";
        };
    }

    private boolean isSingle() {
        return task == Task.BINARY || task == Task.REGRESSION;
    }

    /** Ends the graph with these scores and returns the file. */
    public byte[] finish(GraphBuilder graph, String scores, int outputs) {
        String answer = graph.output(answer(graph, scores, outputs), outputName(), TensorProto.DataType.FLOAT, outputs);
        if (topCount > 0) {
            if (topCount > outputs || !answer.equals(outputName())) {
                throw new IllegalArgumentException(
                        "top %d of %d items as %s (expected: at most all, no input of that name)"
                                .formatted(topCount, outputs, answer));
            }
            List<String> top = graph.top(answer, topCount);
            graph.output(top.get(0), "top_scores", TensorProto.DataType.FLOAT, topCount);
            graph.output(top.get(1), "top_items", TensorProto.DataType.INT64, topCount);
        }
        return graph.finish();
    }

    /** Writes the nodes from scores to the answer and returns its name. */
    String answer(GraphBuilder graph, String scores, int outputs) {
        int least = task == Task.MULTICLASS ? 2 : 1;
        if (outputs < least || (isSingle() && outputs > 1)) {
            throw new IllegalArgumentException("scores for %s: %d (expected: %s)"
                    .formatted(outputName(), outputs, isSingle() ? "1" : least + " or more"));
        }
        if (!calibrations.isEmpty()) {
            Parameters.requireLength("calibrations", calibrations.size(), outputs);
        }
        return isSingle() ? single(graph, scores) : several(graph, scores, outputs);
    }

    private String single(GraphBuilder graph, String scores) {
        return link == Link.NONE
                ? scores
                : new CalibrationNodes(graph, link == Link.LOGITS).probability(scores, calibrations.get(0));
    }

    private String several(GraphBuilder graph, String scores, int outputs) {
        boolean isCalibrated = !calibrations.stream().allMatch(Calibration.NONE::equals);
        return switch (link) {
            case NONE -> scores;
            case LOGITS -> isCalibrated ? calibrated(graph, softmax(graph, scores), outputs) : softmax(graph, scores);
            case PROBABILITIES -> isCalibrated ? calibrated(graph, scores, outputs) : scores;
            case ONE_VERSUS_REST -> isCalibrated
                    ? calibrated(graph, scores, outputs)
                    : softmax(graph, CalibrationNodes.logSigmoid(graph, scores));
        };
    }

    private static String softmax(GraphBuilder graph, String value) {
        return graph.node("Softmax", List.of(value), GraphBuilder.integer("axis", 1));
    }

    /** Calibrates each column; the softmax of logarithms scales the probabilities to a sum of 1. */
    private String calibrated(GraphBuilder graph, String value, int outputs) {
        CalibrationNodes nodes = new CalibrationNodes(graph, link == Link.ONE_VERSUS_REST);
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            columns.add(nodes.logarithm(graph.column(value, i), calibrations.get(i)));
        }
        return softmax(graph, graph.concat(columns));
    }
}
