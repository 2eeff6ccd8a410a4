package io.foresell.inference.serve.tensor;

import io.foresell.inference.route.ServedVersion;
import io.foresell.model.Answer;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.List;

/** What a package can be asked for. */
enum PackageOutput {
    /** P(positive), the value, or the score of the winning label. */
    SCORE("score"),
    /** "low", "medium" or "high". */
    BAND("band"),
    /** The winning class, cluster or item. */
    LABEL("label"),
    /** A float per label, in the model's order. */
    ALL("probabilities"),
    /** The best labels, best first. */
    LABELS("labels"),
    /** The scores of the best labels. */
    SCORES("scores"),
    /** Whether the model is too unsure to answer. */
    REFUSED("refused"),
    /** The strongest reasons as JSON objects. */
    REASONS("reasons"),
    /** What names each row's answer for good. */
    PREDICTION_ID("prediction_id");

    private final String key;

    PackageOutput(String key) {
        this.key = key;
    }

    /** Returns the tensor's name, which for all labels says what the floats are. */
    String name(Task task) {
        if (this != ALL) {
            return key;
        }
        return switch (task) {
            case CLUSTERS -> "memberships";
            case RANKING -> "item_scores";
            case BINARY, MULTICLASS, REGRESSION -> key;
        };
    }

    /** Returns whether a version has this output. */
    boolean isOf(ServedVersion served) {
        Answer answer = served.modelPackage().answer();
        return switch (this) {
            case SCORE, REASONS, PREDICTION_ID -> true;
            case BAND -> answer.task() == Task.BINARY
                    || (answer.labels().isEmpty()
                            && served.modelPackage().manifest().hasBands());
            case LABEL, ALL, LABELS, SCORES -> !answer.labels().isEmpty();
            case REFUSED -> served.modelPackage().manifest().hasRefuseBelow();
        };
    }

    /** Returns whether it is answered unasked. Of a million items only the best are. */
    boolean isUsual(Task task) {
        return switch (this) {
            case SCORE, BAND, LABEL, REFUSED -> true;
            case ALL -> task != Task.RANKING;
            case LABELS, SCORES -> task == Task.RANKING;
            case REASONS, PREDICTION_ID -> false;
        };
    }

    /** Returns the tensors of a version. */
    static List<TensorSpec> specsOf(ServedVersion served) {
        Answer answer = served.modelPackage().answer();
        List<TensorSpec> specs = new ArrayList<>();
        for (PackageOutput output : values()) {
            if (output.isOf(served)) {
                TensorSpec spec = output.spec(answer);
                specs.add(output.isUsual(answer.task()) ? spec : spec.onRequest());
            }
        }
        return specs;
    }

    private TensorSpec spec(Answer answer) {
        String name = name(answer.task());
        return switch (this) {
            case SCORE -> TensorSpec.of(name, Datatype.FP32, TensorSpec.ANY, 1);
            case BAND, LABEL, PREDICTION_ID -> TensorSpec.of(name, Datatype.BYTES, TensorSpec.ANY, 1);
            case REFUSED -> TensorSpec.of(name, Datatype.BOOL, TensorSpec.ANY, 1);
            case ALL -> TensorSpec.of(name, Datatype.FP32, TensorSpec.ANY, answer.width());
            case SCORES -> TensorSpec.of(name, Datatype.FP32, TensorSpec.ANY, TensorSpec.ANY);
            case LABELS, REASONS -> TensorSpec.of(name, Datatype.BYTES, TensorSpec.ANY, TensorSpec.ANY);
        };
    }
}
