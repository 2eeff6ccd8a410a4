package io.foresell.inference.serve.replay;

import io.foresell.proto.inference.v1.LabelScore;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Compares two answers field by field, numbers by their bits. One owner. */
final class Comparison {
    private static final int MAX_DIFFERENCES = 100;

    private final List<String> differences = new ArrayList<>();

    /** Says what differs in score, label, labels, band and refusal. */
    static List<String> ofAnswers(ScoredRow recorded, ScoredRow replayed) {
        Comparison comparison = new Comparison();
        comparison.numbers("score", recorded.getScore(), replayed.getScore());
        comparison.texts("label", recorded.getLabel(), replayed.getLabel());
        comparison.texts("band", recorded.getBand(), replayed.getBand());
        comparison.texts("refused", recorded.getRefused(), replayed.getRefused());
        comparison.texts("labels", recorded.getLabelsCount(), replayed.getLabelsCount());
        for (int i = 0; i < Math.min(recorded.getLabelsCount(), replayed.getLabelsCount()); i++) {
            LabelScore before = recorded.getLabels(i);
            LabelScore now = replayed.getLabels(i);
            comparison.texts("labels[%d].label".formatted(i), before.getLabel(), now.getLabel());
            comparison.numbers("labels[%d].score".formatted(i), before.getScore(), now.getScore());
        }
        return comparison.differences;
    }

    /** Says what differs in the reasons. */
    static List<String> ofReasons(ScoredRow recorded, ScoredRow replayed) {
        Comparison comparison = new Comparison();
        comparison.texts("reasons", recorded.getReasonsCount(), replayed.getReasonsCount());
        for (int i = 0; i < Math.min(recorded.getReasonsCount(), replayed.getReasonsCount()); i++) {
            Reason before = recorded.getReasons(i);
            Reason now = replayed.getReasons(i);
            comparison.texts("reasons[%d].feature".formatted(i), before.getFeature(), now.getFeature());
            comparison.texts("reasons[%d].value".formatted(i), before.getValue(), now.getValue());
            comparison.numbers(
                    "reasons[%d].contribution".formatted(i), before.getContribution(), now.getContribution());
            comparison.texts("reasons[%d].sentence".formatted(i), before.getSentence(), now.getSentence());
        }
        return comparison.differences;
    }

    private void numbers(String field, double recorded, double replayed) {
        if (Double.doubleToRawLongBits(recorded) != Double.doubleToRawLongBits(replayed)) {
            add(field, recorded, replayed);
        }
    }

    private void texts(String field, Object recorded, Object replayed) {
        if (!Objects.equals(recorded, replayed)) {
            add(field, recorded, replayed);
        }
    }

    private void add(String field, Object recorded, Object replayed) {
        if (differences.size() < MAX_DIFFERENCES) {
            differences.add("%s: %s then, %s now".formatted(field, recorded, replayed));
        }
    }
}
