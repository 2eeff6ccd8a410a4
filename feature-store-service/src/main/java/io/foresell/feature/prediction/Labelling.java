package io.foresell.feature.prediction;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes into predictions the outcomes that count for them. What counts follows from the ledgers alone, never from the order in which
 * records and outcomes came: predictions are read before the ledgers and changed only when still as they were read, so of two
 * labellings at once the one that ends last has seen both ledgers. Thread-safe.
 */
final class Labelling {
    private static final int MAX_ATTEMPTS = 20;
    private static final int PREDICTIONS_AT_ONCE = 500;

    private final Predictions predictions;
    private final OutcomeLedgers ledgers;

    Labelling(Predictions predictions, OutcomeLedgers ledgers) {
        this.predictions = predictions;
        this.ledgers = ledgers;
    }

    /** Labels predictions anew and returns how many of them exist. */
    int label(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        int count = 0;
        for (int from = 0; from < all.size(); from += PREDICTIONS_AT_ONCE) {
            count += labelSome(all.subList(from, Math.min(all.size(), from + PREDICTIONS_AT_ONCE)));
        }
        return count;
    }

    private int labelSome(List<String> ids) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            List<Prediction> found = predictions.find(ids);
            Map<Prediction, List<Outcome>> changed = changes(found);
            if (predictions.label(changed)) {
                return found.size();
            }
        }
        throw new ServiceException(Failure.conflict(
                "PREDICTIONS_BUSY", "predictions", "few reports about one prediction at a time", "lost races"));
    }

    private Map<Prediction, List<Outcome>> changes(List<Prediction> found) {
        Set<OutcomeTarget> targets = new HashSet<>();
        found.forEach(prediction -> targets.addAll(targets(prediction)));
        Map<OutcomeTarget, OutcomeLedger> known = ledgers.read(targets);
        Map<Prediction, List<Outcome>> changed = new LinkedHashMap<>();
        for (Prediction prediction : found) {
            List<Outcome> counted = counted(prediction, known);
            if (!counted.equals(prediction.outcomes())) {
                changed.put(prediction, counted);
            }
        }
        return changed;
    }

    /** Returns where outcomes of a prediction may be. */
    static List<OutcomeTarget> targets(Prediction prediction) {
        List<OutcomeTarget> targets = new ArrayList<>(3);
        targets.add(OutcomeTarget.prediction(prediction.id()));
        if (!prediction.answeredId().isEmpty()) {
            targets.add(OutcomeTarget.prediction(prediction.answeredId()));
        }
        if (!prediction.subject().isEmpty()) {
            targets.add(OutcomeTarget.subject(prediction.model(), prediction.subject()));
        }
        return targets;
    }

    private static List<Outcome> counted(Prediction prediction, Map<OutcomeTarget, OutcomeLedger> known) {
        Map<String, Outcome> byName = new TreeMap<>(Comparator.naturalOrder());
        for (OutcomeTarget target : targets(prediction)) {
            OutcomeLedger ledger = known.get(target);
            for (Outcome outcome : ledger == null ? List.<Outcome>of() : ledger.outcomes()) {
                if (outcome.labels(prediction)) {
                    byName.merge(outcome.name(), outcome, (first, second) -> second.goesBefore(first) ? second : first);
                }
            }
        }
        return new ArrayList<>(byName.values());
    }
}
