package io.foresell.feature.prediction;

import io.foresell.feature.prediction.OutcomeLedger.Entry;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Enters outcomes into the ledgers of their targets, then labels the predictions they concern. Thread-safe. */
public final class OutcomeReports {
    private static final int MAX_ATTEMPTS = 20;

    private final Predictions predictions;
    private final Copies copies;
    private final OutcomeLedgers ledgers;
    private final Erasures erasures;
    private final Labelling labelling;

    OutcomeReports(
            Predictions predictions, Copies copies, OutcomeLedgers ledgers, Erasures erasures, Labelling labelling) {
        this.predictions = predictions;
        this.copies = copies;
        this.ledgers = ledgers;
        this.erasures = erasures;
        this.labelling = labelling;
    }

    /** An outcome and what it labels. */
    public record Report(OutcomeTarget target, Outcome outcome) {}

    /**
     * What became of reports.
     *
     * @param refusals by index why one was not taken; null where it was
     * @param labelledCount recorded predictions that the taken ones concern
     * @param pendingCount taken ones that concern none yet
     */
    public record Reported(
            int acceptedCount,
            int duplicateCount,
            List<@Nullable Failure> refusals,
            long labelledCount,
            int pendingCount) {}

    Reported report(List<Report> reports) {
        @Nullable Failure[] refusals = new Failure[reports.size()];
        refuseErased(reports, refusals);
        Set<Integer> entered = new HashSet<>();
        int attempt = 0;
        while (!enter(reports, refusals, entered)) {
            if (++attempt == MAX_ATTEMPTS) {
                throw new ServiceException(Failure.conflict(
                        "OUTCOMES_BUSY", "outcomes", "few reports about one target at a time", "lost races"));
            }
        }
        ConcernedPredictions concerned = new ConcernedPredictions(reports, refusals, labelling::label);
        concerned.read(predictions, copies);
        int takenCount = (int) Arrays.stream(refusals).filter(Objects::isNull).count();
        return new Reported(
                entered.size(),
                takenCount - entered.size(),
                Arrays.asList(refusals),
                concerned.count(),
                concerned.pendingCount());
    }

    private void refuseErased(List<Report> reports, @Nullable Failure[] refusals) {
        Erasures.Known known = erasures.of(reports.stream()
                .map(report -> report.target().subject())
                .distinct()
                .toList());
        for (int i = 0; i < refusals.length; i++) {
            Outcome outcome = reports.get(i).outcome();
            if (known.covers(reports.get(i).target().subject(), outcome.entity(), outcome.untilMillis())) {
                refusals[i] = Failure.precondition(
                        "SUBJECT_ERASED",
                        "subject_window: ends before the subject was erased (expected: predictions made since)");
            }
        }
    }

    /** Writes all ledgers, or returns false when another report came between; those entered so far stay entered. */
    private boolean enter(List<Report> reports, @Nullable Failure[] refusals, Set<Integer> entered) {
        Map<OutcomeTarget, OutcomeLedger> ledgersNow =
                ledgers.read(reports.stream().map(Report::target).distinct().toList());
        Map<OutcomeTarget, OutcomeLedger> changed = new LinkedHashMap<>();
        for (int i = 0; i < refusals.length; i++) {
            if (refusals[i] != null) {
                continue;
            }
            Report report = reports.get(i);
            OutcomeLedger ledger = ledgersNow.getOrDefault(report.target(), OutcomeLedger.empty(report.target()));
            Entry entry = ledger.entryOf(report.outcome());
            if (entry == Entry.NEW) {
                OutcomeLedger more = ledger.with(report.outcome());
                ledgersNow.put(report.target(), more);
                changed.put(report.target(), more);
                entered.add(i);
            } else if (entry != Entry.DUPLICATE) {
                refusals[i] = refusal(entry, report, ledger);
                entered.remove(i);
            }
        }
        return ledgers.write(changed.values());
    }

    private static Failure refusal(Entry entry, Report report, OutcomeLedger ledger) {
        if (entry == Entry.FULL) {
            return Failure.precondition(
                    "TOO_MANY_OUTCOMES",
                    "outcomes of one target: %d (expected: at most %d)"
                            .formatted(ledger.outcomes().size(), OutcomeLedger.MAX_OUTCOMES));
        }
        Outcome outcome = report.outcome();
        Object value = outcome.number() == null ? outcome.text() : outcome.number();
        return Failure.invalid(
                "OUTCOME_CONTRADICTS",
                "value of outcome " + outcome.id(),
                value,
                "%s, as reported before; correct it by one observed later".formatted(ledger.valueOf(outcome.id())));
    }
}
