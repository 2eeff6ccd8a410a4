package io.foresell.feature;

import io.foresell.feature.database.FeatureDatabase;
import io.foresell.feature.define.DefinitionStore;
import io.foresell.feature.erase.EntityEraser;
import io.foresell.feature.erase.ErasureReceipts;
import io.foresell.feature.history.HistoryEraser;
import io.foresell.feature.history.HistoryReader;
import io.foresell.feature.history.HistoryWriter;
import io.foresell.feature.ingest.IngestStores;
import io.foresell.feature.ingest.Ingestor;
import io.foresell.feature.ingest.Quarantine;
import io.foresell.feature.measure.LiveMetrics;
import io.foresell.feature.online.HistoryLoader;
import io.foresell.feature.online.OnlineReader;
import io.foresell.feature.online.OnlineStore;
import io.foresell.feature.prediction.PredictionLog;
import io.foresell.feature.serve.DefinitionProtos;
import io.foresell.feature.serve.ErasureGrpc;
import io.foresell.feature.serve.FeatureAccess;
import io.foresell.feature.serve.FeatureStoreGrpc;
import io.foresell.feature.serve.FeatureStores;
import io.foresell.feature.serve.PredictionLogGrpc;
import io.foresell.feature.trainingset.TrainingSetReader;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.HttpEndpoint;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import java.time.Clock;
import java.util.List;

/**
 * A running feature store. Starts whether MongoDB is there or not; until it is, health says NOT_SERVING and calls answer
 * UNAVAILABLE. Closing drains calls, then closes the database.
 */
public final class FeatureStoreServer implements AutoCloseable {
    /** Name of the process, the domain of its failures. */
    public static final String NAME = "feature-store";

    private final ServiceProcess.Resources resources;
    private final GrpcServer grpc;
    private final HttpEndpoint http;

    private FeatureStoreServer(ServiceProcess.Resources resources, GrpcServer grpc, HttpEndpoint http) {
        this.resources = resources;
        this.grpc = grpc;
        this.http = http;
    }

    /**
     * Starts a feature store.
     *
     * @param telemetry stays the caller's to close, after this server
     * @throws io.foresell.kit.ServiceException when a port is in use or the connection string is not usable
     */
    public static FeatureStoreServer start(FeatureStoreConfig config, Telemetry telemetry) {
        return start(config, telemetry, Clock.systemUTC());
    }

    /** Starts a feature store whose instants of ingest and "now" come from {@code clock}. */
    public static FeatureStoreServer start(FeatureStoreConfig config, Telemetry telemetry, Clock clock) {
        ServiceProcess.Resources resources = new ServiceProcess.Resources();
        try {
            FeatureDatabase database = resources.add(FeatureDatabase.open(config.mongo(), telemetry.traces()));
            DefinitionStore definitions = new DefinitionStore(database, new DefinitionProtos(), clock);
            HistoryReader history = new HistoryReader(database);
            HistoryWriter writer = new HistoryWriter(database, history);
            OnlineStore online = new OnlineStore(database, clock);
            Quarantine quarantine = new Quarantine(database);
            Ingestor ingestor = new Ingestor(
                    new IngestStores(writer, online, quarantine, clock), telemetry.meters(), config.ingestBufferRows());
            OnlineReader onlineReader = new OnlineReader(online, history, clock);
            TrainingSetReader trainingSets =
                    new TrainingSetReader(history, new HistoryLoader(online, history), config.trainingSets(), clock);
            FeatureStores stores =
                    new FeatureStores(definitions, ingestor, quarantine, history, onlineReader, trainingSets);
            FeatureStoreGrpc service = new FeatureStoreGrpc(
                    stores, telemetry.meters(), config.maxIngestStreams(), config.maxTrainingStreams());
            PredictionLog predictions =
                    new PredictionLog(database, config.predictions().retentionDays(), clock);
            PredictionLogGrpc predictionLog = new PredictionLogGrpc(
                    predictions,
                    new LiveMetrics(predictions, config.predictions().maxMetricRows()));
            ErasureReceipts receipts = new ErasureReceipts(database);
            EntityEraser eraser = new EntityEraser(
                    definitions, online, new HistoryEraser(database), quarantine, predictions, receipts, clock);
            ErasureGrpc erasure = new ErasureGrpc(eraser, receipts, clock);
            GrpcServer grpc = resources.add(GrpcServer.start(
                    NAME,
                    config.wire(),
                    telemetry,
                    GrpcServer.Threads.POOL,
                    List.of(service, predictionLog, erasure),
                    FeatureAccess.TABLE));
            HttpEndpoint http = resources.add(
                    HttpEndpoint.start(config.wire().host(), config.wire().httpPort(), telemetry, grpc::isServing));
            resources.add(DatabaseHealth.start(
                    database,
                    () -> {
                        quarantine.createIndexes();
                        predictions.createIndexes();
                        receipts.createIndexes();
                    },
                    grpc));
            resources.add(PredictionRetention.start(predictions));
            return new FeatureStoreServer(resources, grpc, http);
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    public int grpcPort() {
        return grpc.port();
    }

    public int httpPort() {
        return http.port();
    }

    /** Returns whether MongoDB answered last time. */
    public boolean isServing() {
        return grpc.isServing();
    }

    @Override
    public void close() {
        resources.close();
    }
}
