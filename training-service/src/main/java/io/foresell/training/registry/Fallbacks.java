package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Signature;
import io.foresell.model.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether one version may answer in place of another: whoever asks must not be able to tell by anything but the figures. */
final class Fallbacks {
    private static final int NAMES_SHOWN = 5;

    private Fallbacks() {}

    /** What a package says and a kept manifest does not, as there may be very much of it. */
    record Form(Set<String> labels, Signature inputs) {}

    /**
     * Refuses a fallback that answers something else than the version it stands in for, or reads what that one does not.
     *
     * @param forms reads them from packages
     * @throws ServiceException FAILED_PRECONDITION naming every difference
     */
    static void require(ModelVersion fallback, ModelVersion chosen, Function<ModelVersion, Form> forms) {
        Manifest ours = fallback.manifest();
        Manifest theirs = chosen.manifest();
        List<String> differences = new ArrayList<>();
        same("task", ours.getTask(), theirs.getTask(), differences);
        same("entity", ours.getEntity(), theirs.getEntity(), differences);
        if (differences.isEmpty()) {
            Form own = forms.apply(fallback);
            Form other = forms.apply(chosen);
            compareInputs(own.inputs(), other.inputs(), differences);
            compareLabels(own.labels(), other.labels(), differences);
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

    private static void compareInputs(Signature ours, Signature theirs, List<String> differences) {
        Set<String> strange = new TreeSet<>();
        for (InputField input : ours.inputs()) {
            if (!theirs.contains(input.name()) || !theirs.input(input.name()).equals(input)) {
                strange.add(input.name());
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
