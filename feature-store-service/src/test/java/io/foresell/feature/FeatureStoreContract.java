package io.foresell.feature;

import org.junit.jupiter.api.Nested;

/** What a feature store promises, asked over gRPC of a server on some MongoDB: all contracts of its calls. */
abstract class FeatureStoreContract {
    /** Returns where the database is. */
    abstract String mongoUri();

    @Nested
    final class Definitions extends DefinitionContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class Ingest extends IngestContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class RepeatedIngest extends RepeatedIngestContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class Quarantine extends QuarantineContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class Erasure extends ErasureContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class GetFeatures extends GetFeaturesContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class TrainingSet extends TrainingSetContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class UnlabelledSet extends UnlabelledSetContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class NumbersColumn extends NumbersColumnContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class PredictionLog extends PredictionLogContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class LiveMetrics extends LiveMetricsContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }

    @Nested
    final class PredictionRetention extends PredictionRetentionContract {
        @Override
        String mongoUri() {
            return FeatureStoreContract.this.mongoUri();
        }
    }
}
