package io.foresell.training.fit.ensemble;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Fits several algorithms on the same rows and combines their answers.
 *
 * @param members 2 to 10 with unique names, none of them an ensemble
 * @param weights of an average, one per member, 0 or more; empty means equal ones, and is all that stacking takes
 * @param innerFolds parts of the fold whose answers stacking is fitted on, 2 to 20
 */
public record Ensemble(List<Member> members, Method method, List<Double> weights, int innerFolds) implements Algorithm {
    private static final int MAX_MEMBERS = 10;
    private static final double MAX_WEIGHT = 1e6;

    /** How answers are combined. */
    public enum Method {
        /** By their weighted mean. */
        AVERAGE,
        /** By a regression on answers to rows that the members were not fitted on. */
        STACK
    }

    /**
     * One of the algorithms.
     *
     * @param name empty means the algorithm's name
     */
    public record Member(String name, Algorithm algorithm) {
        public Member {
            if (name.isEmpty()) {
                name = algorithm.key();
            }
        }
    }

    public Ensemble {
        members = List.copyOf(members);
        weights = List.copyOf(weights);
        Ranges.require("members", members.size(), 2, MAX_MEMBERS);
        Ranges.require("inner_folds", innerFolds, 2, 20);
        requireMembers(members);
        requireWeights(members, method, weights);
    }

    private static void requireMembers(List<Member> members) {
        Set<String> names = new HashSet<>();
        Set<Task> tasks = EnumSet.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
        for (Member member : members) {
            if (!names.add(member.name())) {
                throw new ServiceException(
                        Failure.invalid("ENSEMBLE_INVALID", "members", member.name(), "names unique in the ensemble"));
            }
            if (member.algorithm() instanceof Ensemble) {
                throw new ServiceException(Failure.invalid(
                        "ENSEMBLE_NESTED", "members", member.name(), "an algorithm that is no ensemble itself"));
            }
            tasks.retainAll(member.algorithm().tasks());
        }
        if (tasks.isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "ENSEMBLE_INVALID", "members", names, "algorithms with a task in common, other than clusters"));
        }
    }

    private static void requireWeights(List<Member> members, Method method, List<Double> weights) {
        if (weights.isEmpty()) {
            return;
        }
        if (method == Method.STACK || weights.size() != members.size()) {
            throw new ServiceException(Failure.invalid(
                    "ENSEMBLE_INVALID",
                    "weights",
                    weights.size() + " weights",
                    method == Method.STACK ? "none: stacking finds them" : members.size() + ", one per member"));
        }
        for (double weight : weights) {
            Ranges.require("weights", weight, 0, MAX_WEIGHT);
        }
        if (weights.stream().noneMatch(weight -> weight > 0)) {
            throw new ServiceException(Failure.invalid("ENSEMBLE_INVALID", "weights", weights, "one of them above 0"));
        }
    }

    @Override
    public String key() {
        return "ensemble";
    }

    @Override
    public Set<Task> tasks() {
        Set<Task> tasks = EnumSet.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
        members.forEach(member -> tasks.retainAll(member.algorithm().tasks()));
        return tasks;
    }

    @Override
    public Map<String, String> asText() {
        Map<String, String> text = new TreeMap<>();
        text.put("method", method == Method.STACK ? "stack" : "average");
        if (method == Method.STACK) {
            text.put("inner_folds", Integer.toString(innerFolds));
        }
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            String algorithm = member.algorithm().key();
            text.put(
                    "members." + member.name(),
                    "%s %s"
                            .formatted(
                                    algorithm, new TreeMap<>(member.algorithm().asText())));
            if (!weights.isEmpty()) {
                text.put("weights." + member.name(), Double.toString(weights.get(i)));
            }
        }
        return text;
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new EnsembleFitter(this, threadCount);
    }

    @Override
    public double work() {
        double once = members.stream()
                .mapToDouble(member -> member.algorithm().work())
                .sum();
        return method == Method.STACK ? once * (innerFolds + 1) : once;
    }

    @Override
    public void requireReadable(List<InputField> features) {
        members.forEach(member -> MemberFailure.named(member, () -> {
            member.algorithm().requireReadable(features);
            return true;
        }));
    }
}
