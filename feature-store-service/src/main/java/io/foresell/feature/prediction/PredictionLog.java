package io.foresell.feature.prediction;

import com.mongodb.client.model.Filters;
import io.foresell.feature.database.FeatureDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Keeps predictions and outcomes for a limited time. Thread-safe; what a method that writes has done is durable when it returns. */
public final class PredictionLog {
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final Predictions predictions;
    private final Copies copies;
    private final OutcomeLedgers ledgers;
    private final PackageFactsStore packages;
    private final Erasures erasures;
    private final Labelling labelling;
    private final OutcomeReports reports;
    private final int retentionDays;
    private final Clock clock;

    public PredictionLog(FeatureDatabase database, int retentionDays, Clock clock) {
        this.predictions = new Predictions(database);
        this.copies = new Copies(database);
        this.ledgers = new OutcomeLedgers(database);
        this.packages = new PackageFactsStore(database);
        this.erasures = new Erasures(database);
        this.labelling = new Labelling(predictions, ledgers);
        this.reports = new OutcomeReports(predictions, copies, ledgers, erasures, labelling);
        this.retentionDays = retentionDays;
        this.clock = clock;
    }

    /** What became of records. */
    public record Appended(int acceptedCount, int duplicateCount, int refusedCount, List<String> unknownDigests) {}

    /** What the log holds. */
    public record Status(
            long predictionCount, long predictionBytes, int retentionDays, long oldestMillis, long newestMillis) {}

    /** What an erasure removed. */
    public record Erased(long predictionCount, long outcomeCount) {}

    /** Makes windows and subjects fast on a real MongoDB. */
    public void createIndexes() {
        predictions.createIndexes();
        ledgers.createIndexes();
    }

    /**
     * Keeps records; those of erased subjects, too old or from the future are dropped.
     *
     * @param facts descriptions of packages that came along
     */
    public Appended append(List<Prediction> records, List<PackageFacts> facts) {
        packages.keep(facts);
        long now = clock.millis();
        long oldest = now - retention().toMillis();
        Map<String, Prediction> timely = new LinkedHashMap<>(); // an id that comes twice counts once
        for (Prediction record : records) {
            if (record.scoredAtMillis() >= oldest && record.scoredAtMillis() <= now + CLOCKS_DIFFER.toMillis()) {
                timely.putIfAbsent(record.id(), record);
            }
        }
        Set<String> known = predictions.insert(timely.values());
        // Looked at after they were kept: an erasure that was noted later than this look deletes them itself.
        Set<String> erased = erased(timely.values());
        predictions.delete(erased);
        List<Prediction> kept = timely.values().stream()
                .filter(record -> !erased.contains(record.id()))
                .toList();
        // Before their outcomes are looked for: a report that comes after that look finds the copies.
        copies.note(kept);
        // Known ones too: the call that brought them may have ended half-way.
        labelling.label(awaited(kept));
        int acceptedCount = (int)
                kept.stream().filter(record -> !known.contains(record.id())).count();
        int refusedCount = (int) records.stream()
                .filter(record -> !timely.containsKey(record.id()) || erased.contains(record.id()))
                .count();
        return new Appended(
                acceptedCount,
                records.size() - acceptedCount - refusedCount,
                refusedCount,
                packages.unknown(records.stream().map(Prediction::digest).toList()));
    }

    private Set<String> erased(Collection<Prediction> records) {
        Erasures.Known known =
                erasures.of(records.stream().map(Prediction::subject).distinct().toList());
        return records.stream()
                .filter(record -> known.covers(record.subject(), record.entity(), record.scoredAtMillis()))
                .map(Prediction::id)
                .collect(Collectors.toSet());
    }

    /** Returns the predictions that outcomes were reported for before they came. */
    private List<String> awaited(List<Prediction> kept) {
        List<OutcomeTarget> targets = kept.stream()
                .flatMap(record -> Labelling.targets(record).stream())
                .distinct()
                .toList();
        Map<OutcomeTarget, OutcomeLedger> known = ledgers.read(targets);
        return kept.stream()
                .filter(record -> Labelling.targets(record).stream().anyMatch(known::containsKey))
                .map(Prediction::id)
                .toList();
    }

    /** Takes outcomes, each for itself. */
    public OutcomeReports.Reported report(List<OutcomeReports.Report> outcomes) {
        return reports.report(outcomes);
    }

    /**
     * Returns one prediction.
     *
     * @throws ServiceException NOT_FOUND
     */
    public Prediction get(String id) {
        List<Prediction> found = predictions.find(List.of(id));
        if (found.isEmpty()) {
            throw new ServiceException(Failure.notFound(
                    "prediction",
                    id,
                    "a recorded one: sampled, arrived, not erased and at most %d days old".formatted(retentionDays)));
        }
        return found.get(0);
    }

    /**
     * Lists predictions, newest first.
     *
     * @param model empty means all
     * @param subject empty means all
     * @param belowId starts below this id; empty starts at {@code untilMillis}
     */
    public List<Prediction> list(
            String model, String subject, long fromMillis, long untilMillis, String belowId, int limit) {
        List<Bson> who = new ArrayList<>();
        if (!model.isEmpty()) {
            who.add(Filters.eq(Prediction.MODEL, model));
        }
        if (!subject.isEmpty()) {
            who.add(Filters.eq(Prediction.SUBJECT, subject));
        }
        String until = PredictionTimes.leastIdAt(untilMillis == 0 ? Long.MAX_VALUE : untilMillis);
        return predictions.page(
                who.isEmpty() ? null : Filters.and(who),
                PredictionTimes.leastIdAt(fromMillis),
                belowId.isEmpty() || belowId.compareTo(until) > 0 ? until : belowId,
                limit);
    }

    /** Hands the predictions of a query to {@code consumer}, in its order, without their bodies. */
    public void each(PredictionQuery query, Consumer<Prediction> consumer) {
        predictions.each(query, consumer);
    }

    /** Returns what is known of packages, by digest. */
    public Map<String, PackageFacts> packages(Collection<String> digests) {
        return packages.find(digests);
    }

    /** Returns some package of a model, or null when none was ever logged. */
    public @Nullable PackageFacts anyPackageOf(String model) {
        return packages.anyOf(model);
    }

    /** Forgets a subject; records of it that were scored until now are refused when they come later. An empty entity means any. */
    public Erased erase(String entity, String subject) {
        erasures.note(entity, subject, clock.millis());
        List<String> ids = predictions.erase(entity, subject);
        copies.delete(ids);
        return new Erased(ids.size(), ledgers.erase(entity, subject, ids));
    }

    /** Counts what {@link #erase} would remove. */
    public Erased held(String entity, String subject) {
        List<String> ids = predictions.idsOf(entity, subject);
        return new Erased(ids.size(), ledgers.count(entity, subject, ids));
    }

    /** Deletes what is older than the retention and returns the number of predictions deleted. */
    public long prune() {
        long oldest = clock.millis() - retention().toMillis();
        long count = predictions.prune(oldest);
        ledgers.prune(oldest);
        copies.prune(oldest);
        erasures.prune(oldest);
        return count;
    }

    private Duration retention() {
        return Duration.ofDays(retentionDays);
    }

    public Status status() {
        return predictions.status(retentionDays);
    }

    /** Returns now, milliseconds since the epoch. */
    public long nowMillis() {
        return clock.millis();
    }
}
