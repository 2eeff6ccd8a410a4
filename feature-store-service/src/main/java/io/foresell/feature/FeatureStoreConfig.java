package io.foresell.feature;

import io.foresell.feature.database.MongoSettings;
import io.foresell.feature.trainingset.TrainingSetLimits;
import io.foresell.kit.Settings;
import io.foresell.kit.WireSettings;

/**
 * The settings of the feature store.
 *
 * @param ingestBufferRows rows of a stream gathered before they are written, 1 to 100,000
 * @param maxIngestStreams Ingest calls at once, 1 to 1000
 * @param maxTrainingStreams StreamTrainingSet calls at once, 1 to 100
 * @param predictions what bounds the prediction log
 */
public record FeatureStoreConfig(
        WireSettings wire,
        MongoSettings mongo,
        int ingestBufferRows,
        int maxIngestStreams,
        int maxTrainingStreams,
        TrainingSetLimits trainingSets,
        Predictions predictions) {
    /**
     * What bounds the prediction log.
     *
     * @param retentionDays how long predictions and outcomes are kept, 1 to 3650
     * @param maxMetricRows predictions read for one question about live metrics, 1000 to 5,000,000
     */
    public record Predictions(int retentionDays, int maxMetricRows) {
        private static final int DEFAULT_RETENTION_DAYS = 400; // a year and the month after it
        private static final int DEFAULT_METRIC_ROWS = 200_000;

        private static Predictions read(Settings settings) {
            return new Predictions(
                    settings.integer(
                            "predictions.retention-days",
                            DEFAULT_RETENTION_DAYS,
                            1,
                            3650,
                            "days that logged predictions and their outcomes are kept"),
                    settings.integer(
                            "predictions.max-metric-rows",
                            DEFAULT_METRIC_ROWS,
                            1000,
                            5_000_000,
                            "predictions read for one question about live metrics, about 200 bytes of memory each"));
        }
    }

    private static final int DEFAULT_GRPC_PORT = 9001;
    private static final int DEFAULT_BUFFER_ROWS = 5000;
    private static final int DEFAULT_INGEST_STREAMS = 8;
    private static final int DEFAULT_TRAINING_STREAMS = 4;
    private static final int DEFAULT_MAX_LABELS = 2_000_000;
    private static final int DEFAULT_CACHED_CELLS = 10_000_000;

    public static FeatureStoreConfig read(Settings settings) {
        return new FeatureStoreConfig(
                WireSettings.read(settings, DEFAULT_GRPC_PORT),
                MongoSettings.read(settings),
                settings.integer(
                        "ingest.buffer-rows", DEFAULT_BUFFER_ROWS, 1, 100_000, "rows gathered before they are written"),
                settings.integer("ingest.max-streams", DEFAULT_INGEST_STREAMS, 1, 1000, "Ingest calls at once"),
                settings.integer(
                        "training.max-streams", DEFAULT_TRAINING_STREAMS, 1, 100, "StreamTrainingSet calls at once"),
                new TrainingSetLimits(
                        settings.integer(
                                "training.max-labels",
                                DEFAULT_MAX_LABELS,
                                1,
                                100_000_000,
                                "labels of one training set, about 100 bytes of memory each"),
                        settings.integer(
                                "training.max-cached-cells",
                                DEFAULT_CACHED_CELLS,
                                0,
                                1_000_000_000,
                                "values of histories kept while one training set is read, 8 bytes each")),
                Predictions.read(settings));
    }

    /** Default settings; for embedding and tests. */
    public static FeatureStoreConfig of(WireSettings wire, MongoSettings mongo) {
        return new FeatureStoreConfig(
                wire,
                mongo,
                DEFAULT_BUFFER_ROWS,
                DEFAULT_INGEST_STREAMS,
                DEFAULT_TRAINING_STREAMS,
                new TrainingSetLimits(DEFAULT_MAX_LABELS, DEFAULT_CACHED_CELLS),
                new Predictions(Predictions.DEFAULT_RETENTION_DAYS, Predictions.DEFAULT_METRIC_ROWS));
    }
}
