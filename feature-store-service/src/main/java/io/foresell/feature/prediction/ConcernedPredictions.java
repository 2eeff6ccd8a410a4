package io.foresell.feature.prediction;

import io.foresell.feature.prediction.OutcomeReports.Report;
import io.foresell.kit.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the recorded predictions that taken reports concern and hands them on in parts, however many a subject has. One owner. */
final class ConcernedPredictions {
    private static final int PART = 500;

    private final List<Report> reports;
    private final boolean[] isTaken;
    private final boolean[] isConcerning;
    private final Consumer<Collection<String>> label;
    private final Set<String> ownIds = new HashSet<>(); // of predictions that reports name, and of their copies
    private final List<String> part = new ArrayList<>();
    private long count;

    ConcernedPredictions(List<Report> reports, @Nullable Failure[] refusals, Consumer<Collection<String>> label) {
        this.reports = reports;
        this.label = label;
        this.isTaken = new boolean[reports.size()];
        this.isConcerning = new boolean[reports.size()];
        for (int i = 0; i < isTaken.length; i++) {
            isTaken[i] = refusals[i] == null;
        }
    }

    /** Reads them all; every part was handed on when this returns. */
    void read(Predictions predictions, Copies copies) {
        readNamed(predictions, copies);
        Map<String, List<Integer>> byModel = new HashMap<>();
        for (int i = 0; i < isTaken.length; i++) {
            OutcomeTarget target = reports.get(i).target();
            if (isTaken[i] && target.predictionId().isEmpty()) {
                byModel.computeIfAbsent(target.model(), model -> new ArrayList<>())
                        .add(i);
            }
        }
        byModel.forEach((model, some) -> readOfSubjects(predictions, model, some));
        flush();
    }

    private void readNamed(Predictions predictions, Copies copies) {
        Set<String> named = new HashSet<>();
        for (int i = 0; i < isTaken.length; i++) {
            String id = reports.get(i).target().predictionId();
            if (isTaken[i] && !id.isEmpty()) {
                named.add(id);
            }
        }
        predictions.find(named).forEach(prediction -> ownIds.add(prediction.id()));
        for (int i = 0; i < isTaken.length; i++) {
            isConcerning[i] = ownIds.contains(reports.get(i).target().predictionId());
        }
        predictions.find(copies.of(named)).forEach(copy -> ownIds.add(copy.id()));
        ownIds.forEach(this::add);
    }

    private void readOfSubjects(Predictions predictions, String model, List<Integer> some) {
        Map<String, List<Integer>> bySubject = new HashMap<>();
        long from = Long.MAX_VALUE;
        long until = 0;
        for (int i : some) {
            Report report = reports.get(i);
            bySubject
                    .computeIfAbsent(report.target().subject(), subject -> new ArrayList<>())
                    .add(i);
            from = Math.min(from, report.outcome().fromMillis());
            until = Math.max(until, report.outcome().untilMillis());
        }
        predictions.ofSubjects(
                model,
                bySubject.keySet(),
                from,
                until,
                prediction -> take(prediction, bySubject.getOrDefault(prediction.subject(), List.of())));
    }

    private void take(Prediction prediction, List<Integer> candidates) {
        boolean isConcerned = false;
        for (int i : candidates) {
            if (reports.get(i).outcome().labels(prediction)) {
                isConcerning[i] = true;
                isConcerned = true;
            }
        }
        if (isConcerned && !ownIds.contains(prediction.id())) {
            add(prediction.id());
        }
    }

    private void add(String id) {
        count++;
        part.add(id);
        if (part.size() == PART) {
            flush();
        }
    }

    private void flush() {
        label.accept(List.copyOf(part));
        part.clear();
    }

    /** Returns how many predictions there are. */
    long count() {
        return count;
    }

    /** Returns how many of the taken reports concern none. */
    int pendingCount() {
        int pending = 0;
        for (int i = 0; i < isTaken.length; i++) {
            pending += isTaken[i] && !isConcerning[i] ? 1 : 0;
        }
        return pending;
    }
}
