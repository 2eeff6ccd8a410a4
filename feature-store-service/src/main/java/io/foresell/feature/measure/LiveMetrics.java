package io.foresell.feature.measure;

import io.foresell.feature.prediction.PackageFacts;
import io.foresell.feature.prediction.Prediction;
import io.foresell.feature.prediction.PredictionLog;
import io.foresell.feature.prediction.PredictionQuery;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Measures the versions of a model over a window: reads the log once for the reference and once for the window. Thread-safe. */
public final class LiveMetrics {
    private static final int MAX_VERSIONS = 20;

    private final PredictionLog log;
    private final int maxRows;

    /** Makes it; {@code maxRows} bounds the predictions read of one window, some 100 bytes each. */
    public LiveMetrics(PredictionLog log, int maxRows) {
        this.log = log;
        this.maxRows = maxRows;
    }

    /** What was measured; {@code isTruncated} says that the window holds more than was read. */
    public record Measured(String task, List<VersionFigures> versions, boolean isTruncated, int maxRows) {
        public Measured {
            versions = List.copyOf(versions);
        }
    }

    /**
     * Measures.
     *
     * @param requireWanted called for each prediction, throws when the caller went away
     * @throws ServiceException NOT_FOUND for a model that nothing was recorded of, INVALID_ARGUMENT for a slice that is no input
     */
    public Measured measure(MetricsQuery query, Runnable requireWanted) {
        PackageFacts any = log.anyPackageOf(query.model());
        if (any == null) {
            throw new ServiceException(Failure.notFound(
                    "model", query.model(), "a model of which predictions were recorded and described"));
        }
        return new Run(query, any.task(), requireWanted).measure();
    }

    /** One measurement. One owner. */
    private final class Run {
        private final MetricsQuery query;
        private final String task;
        private final Runnable requireWanted;
        private final Map<String, PackageFacts> facts = new HashMap<>();
        private final Map<String, LoggedRow> rowByDigest = new HashMap<>();
        private final Map<Integer, Reference> references = new HashMap<>();
        private final Map<Integer, VersionMeasurement> versions = new TreeMap<>();
        private int rowCount;

        Run(MetricsQuery query, String task, Runnable requireWanted) {
            this.query = query;
            this.task = task;
            this.requireWanted = requireWanted;
        }

        Measured measure() {
            if (query.withDrift()) {
                readReference();
            }
            boolean withFeatures = query.withDrift() || !query.sliceBy().isEmpty();
            read(
                    new PredictionQuery(
                            query.model(),
                            query.versions(),
                            query.kinds(),
                            query.fromMillis(),
                            query.untilMillis(),
                            query.parts(),
                            query.isOldestFirst(),
                            maxRows + 1,
                            withFeatures),
                    this::take);
            requireSlice();
            return new Measured(
                    task,
                    versions.values().stream().map(VersionMeasurement::finish).toList(),
                    rowCount > maxRows,
                    maxRows);
        }

        private void read(PredictionQuery predictions, Consumer<Prediction> consumer) {
            log.each(predictions, prediction -> {
                requireWanted.run();
                describe(prediction.digest());
                consumer.accept(prediction);
            });
        }

        private void describe(String digest) {
            if (!facts.containsKey(digest)) {
                PackageFacts found = log.packages(List.of(digest)).get(digest);
                if (found != null) {
                    facts.put(digest, found);
                    rowByDigest.put(digest, LoggedRow.of(found));
                }
            }
        }

        private void readReference() {
            List<Integer> wanted = query.referenceVersion() == 0 ? query.versions() : List.of(query.referenceVersion());
            read(
                    new PredictionQuery(
                            query.model(),
                            wanted,
                            query.kinds(),
                            query.referenceFromMillis(),
                            query.referenceUntilMillis(),
                            query.parts(),
                            false,
                            Reference.MAX_ROWS,
                            true),
                    prediction -> references
                            .computeIfAbsent(prediction.version(), version -> Reference.ofWindow(rowByDigest))
                            .add(prediction));
        }

        private void take(Prediction prediction) {
            if (++rowCount > maxRows) {
                return;
            }
            versions.computeIfAbsent(prediction.version(), version -> begin(prediction))
                    .add(prediction);
        }

        private VersionMeasurement begin(Prediction first) {
            if (versions.size() == MAX_VERSIONS) {
                throw new ServiceException(Failure.invalid(
                        "TOO_MANY_VERSIONS",
                        "versions",
                        "more than " + MAX_VERSIONS,
                        "at most %d in the window, or the versions named".formatted(MAX_VERSIONS)));
            }
            int referenceVersion = query.referenceVersion() == 0 ? first.version() : query.referenceVersion();
            Reference reference = references.getOrDefault(referenceVersion, Reference.ofWindow(rowByDigest));
            LoggedRow layout = rowByDigest.get(first.digest());
            PackageFacts known = facts.get(first.digest());
            Map<String, Distribution> inputs = new HashMap<>();
            if (query.withDrift() && layout != null && known != null) {
                Map<String, Distribution> ofWindow = reference.inputs(layout);
                inputs.putAll(query.asksReference() ? Map.of() : Reference.ofPackage(known));
                ofWindow.forEach(inputs::putIfAbsent);
            }
            Distribution scores = query.withDrift() ? reference.scores() : null;
            boolean isKnown = scores != null
                    && (layout == null || inputs.size() >= layout.places().size());
            if (query.withDrift() && !query.asksReference() && !isKnown) {
                Reference firsts = firsts(first.version());
                scores = scores == null ? firsts.scores() : scores;
                if (layout != null) {
                    firsts.inputs(layout).forEach(inputs::putIfAbsent);
                }
            }
            return new VersionMeasurement(
                    query,
                    first.version(),
                    first.digest(),
                    known == null ? task : known.task(),
                    layout,
                    scores,
                    inputs);
        }

        /** Nothing of before: the version is held against its own beginning. */
        private Reference firsts(int version) {
            Reference firsts = Reference.ofFirsts(rowByDigest);
            read(
                    new PredictionQuery(
                            query.model(),
                            List.of(version),
                            query.kinds(),
                            0,
                            query.untilMillis(),
                            query.parts(),
                            true,
                            Reference.FIRST_ROWS,
                            true),
                    firsts::add);
            return firsts;
        }

        private void requireSlice() {
            boolean isKnown = query.sliceBy().isEmpty()
                    || rowByDigest.isEmpty()
                    || rowByDigest.values().stream().anyMatch(row -> row.place(query.sliceBy()) != null);
            if (!isKnown) {
                throw new ServiceException(Failure.invalid(
                        "SLICE_UNKNOWN", "slice_by", query.sliceBy(), "an input of the model with a single value"));
            }
        }
    }
}
