package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.manifest.Input;
import io.foresell.model.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether one version may answer in place of another: whoever asks must not be able to tell by anything but the figures. */
final class Fallbacks {
    private static final int NAMES_SHOWN = 5;
    private static final Set<String> LABELLED = Set.of("multiclass", "clusters", "ranking");

    private Fallbacks() {}

    /**
     * Refuses a fallback that answers something else than the version it stands in for, or reads what that one does not.
     *
     * @param labels reads them from a package; asked only for tasks that have labels
     * @throws ServiceException FAILED_PRECONDITION naming every difference
     */
    static void require(ModelVersion fallback, ModelVersion chosen, Function<ModelVersion, Set<String>> labels) {
        Manifest ours = fallback.manifest();
        Manifest theirs = chosen.manifest();
        List<String> differences = new ArrayList<>();
        same("task", ours.getTask(), theirs.getTask(), differences);
        same("entity", ours.getEntity(), theirs.getEntity(), differences);
        compareInputs(ours, theirs, differences);
        if (differences.isEmpty() && LABELLED.contains(ours.getTask())) {
            compareLabels(labels.apply(fallback), labels.apply(chosen), differences);
        }
        if (!differences.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                            "FALLBACK_INCOMPATIBLE",
                            "ladder.fallback_version: %d in place of %d: %s"
                                    .formatted(fallback.version(), chosen.version(), String.join("; ", differences)))
                    .with("model", fallback.model())
                    .with("version", Integer.toString(fallback.version())));
        }
    }

    private static void same(String what, String ours, String theirs, List<String> differences) {
        if (!ours.equals(theirs)) {
            differences.add("%s '%s' (expected: '%s')".formatted(what, ours, theirs));
        }
    }

    private static void compareInputs(Manifest ours, Manifest theirs, List<String> differences) {
        Map<String, Input> known = theirs.getInputsList().stream().collect(Collectors.toMap(Input::getName, i -> i));
        Set<String> strange = new TreeSet<>();
        for (Input input : ours.getInputsList()) {
            Input other = known.get(input.getName());
            if (other == null || other.getKind() != input.getKind() || other.getWidth() != input.getWidth()) {
                strange.add(input.getName());
            }
        }
        if (!strange.isEmpty()) {
            differences.add("inputs %s (expected: only inputs that the other one reads in the same form)"
                    .formatted(some(strange)));
        }
    }

    private static void compareLabels(Set<String> ours, Set<String> theirs, List<String> differences) {
        if (!ours.equals(theirs)) {
            Set<String> added = new TreeSet<>(ours);
            added.removeAll(theirs);
            Set<String> gone = new TreeSet<>(theirs);
            gone.removeAll(ours);
            differences.add("labels: adds %s, lacks %s (expected: the same)".formatted(some(added), some(gone)));
        }
    }

    private static String some(Set<String> names) {
        return names.isEmpty()
                ? "none"
                : names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "))
                        + (names.size() > NAMES_SHOWN ? ", ..." : "");
    }
}
