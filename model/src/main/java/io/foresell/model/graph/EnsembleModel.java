package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers of several models over the same columns: their weighted mean, or a linear model stacked on them. */
public final class EnsembleModel extends ScoreModel {
    private final List<Member> members;
    private final float[] shares;
    private final @Nullable LinearModel last;

    private EnsembleModel(List<Member> members, float[] shares, @Nullable LinearModel last) {
        this.members = List.copyOf(members);
        this.shares = shares;
        this.last = last;
        if (members.isEmpty()) {
            throw new IllegalArgumentException("members: 0 (expected: 1 or more)");
        }
        for (Member member : members) {
            Parameters.requireLength("columns of a member", member.model().inputs(), inputs());
        }
    }

    /**
     * Returns the weighted mean of the members' answers, which are as many each: follow with a head of probabilities, or of
     * a regression.
     *
     * @param weights one per member, 0 or more, with a sum above 0
     */
    public static EnsembleModel mean(List<Member> members, double[] weights) {
        Parameters.requireLength("weights of members", weights.length, members.size());
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
            if (!(weight >= 0)) {
                throw new IllegalArgumentException("weight of a member: %s (expected: 0 or more)".formatted(weight));
            }
        }
        double[] shares = new double[weights.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = weights[i] / sum;
            int outputs = members.get(i).model().outputs();
            Parameters.requireLength(
                    "answers of a member", outputs, members.get(0).model().outputs());
        }
        return new EnsembleModel(members, Parameters.floats("weights of members", shares), null);
    }

    /**
     * Returns the scores of a linear model over the members' answers, one after the other.
     *
     * @param last reads as many columns as all members answer
     */
    public static EnsembleModel stacked(List<Member> members, LinearModel last) {
        int answers =
                members.stream().mapToInt(member -> member.model().outputs()).sum();
        Parameters.requireLength("columns of the stacked model", last.inputs(), answers);
        return new EnsembleModel(members, new float[0], last);
    }

    @Override
    public int inputs() {
        return members.get(0).model().inputs();
    }

    @Override
    public int outputs() {
        return last == null ? members.get(0).model().outputs() : last.outputs();
    }

    @Override
    boolean readsMissing() {
        return members.stream().allMatch(member -> member.model().readsMissing());
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        List<String> answers = new ArrayList<>();
        for (Member member : members) {
            answers.add(member.write(encoded, graph));
        }
        return last == null ? mean(answers, graph) : last.write(graph.concat(answers), graph);
    }

    private String mean(List<String> answers, GraphBuilder graph) {
        String sum = "";
        for (int i = 0; i < answers.size(); i++) {
            String share = graph.constant("share", new float[] {shares[i]}, 1);
            String part = graph.node("Mul", List.of(answers.get(i), share));
            sum = i == 0 ? part : graph.node("Add", List.of(sum, part));
        }
        return sum;
    }
}
