package io.foresell.cli.source;

import io.foresell.cli.spec.YamlProtos;
import io.foresell.proto.training.v1.BoostedTrees;
import io.foresell.proto.training.v1.Candidate;
import io.foresell.proto.training.v1.ColumnRule;
import io.foresell.proto.training.v1.LinearRegression;
import io.foresell.proto.training.v1.LogisticRegression;
import io.foresell.proto.training.v1.Preparation;
import io.foresell.proto.training.v1.Split;
import io.foresell.proto.training.v1.TermsPlan;
import io.foresell.proto.training.v1.TextPlan;
import io.foresell.proto.training.v1.TrainingSpec;
import java.util.List;
import java.util.Map;

/**
 * A training spec for a label: a linear model, which can be followed by hand, and boosted trees, which usually are as good as it gets.
 *
 * @param written features that the linear model reads as words or characters; trees leave them out
 * @param hasOthers whether there are features that are not written
 */
record SpecDraft(
        String name, String featureSet, LabelKind kind, Split split, List<Written> written, boolean hasOthers) {
    /** That of scikit-learn's ridge at a thousand rows: little, but columns that others determine do no harm. */
    private static final double RIDGE = 0.001;

    /** Names a feature that people wrote. */
    record Written(String feature, boolean isIdeographic) {}

    String yaml() {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel(name)
                .setFeatureSet(featureSet)
                .setLabelView(name)
                .addCandidates(linear())
                .setSplit(split)
                .setMetric(kind.metric());
        if (hasOthers) {
            spec.addCandidates(trees());
        }
        Map<String, String> comments =
                Map.of("candidates", "the one with the best metric becomes a version", "metric", kind.otherMetrics());
        return YamlProtos.write(spec.build(), comments);
    }

    private Candidate linear() {
        Candidate.Builder linear = Candidate.newBuilder();
        if (kind == LabelKind.VALUES) {
            linear.setLinearRegression(LinearRegression.newBuilder().setPenalty(RIDGE));
        } else {
            linear.setLogisticRegression(LogisticRegression.newBuilder().setInversePenalty(1));
        }
        if (!written.isEmpty()) {
            Preparation.Builder prepare = Preparation.newBuilder();
            for (Written one : written) {
                TextPlan.Builder text = TextPlan.newBuilder();
                prepare.addColumns(ColumnRule.newBuilder()
                        .addColumns(one.feature())
                        .setText(
                                one.isIdeographic()
                                        ? text.setCharacters(TermsPlan.getDefaultInstance())
                                        : text.setWords(TermsPlan.getDefaultInstance())));
            }
            linear.setPrepare(prepare);
        }
        return linear.build();
    }

    private Candidate trees() {
        Candidate.Builder trees = Candidate.newBuilder()
                .setBoostedTrees(BoostedTrees.newBuilder()
                        .setTreeCount(150)
                        .setLearningRate(0.05)
                        .setMaxDepth(4));
        if (!written.isEmpty()) {
            trees.setPrepare(Preparation.newBuilder()
                    .addColumns(ColumnRule.newBuilder()
                            .addAllColumns(
                                    written.stream().map(Written::feature).toList())
                            .setLeaveOut(true)));
        }
        return trees.build();
    }
}
