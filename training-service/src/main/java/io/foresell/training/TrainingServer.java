package io.foresell.training;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.HttpEndpoint;
import io.foresell.kit.RotatedFile;
import io.foresell.kit.ServiceException;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.sign.SigningKey;
import io.foresell.training.dataset.FeatureStoreClient;
import io.foresell.training.dataset.TrainingSetSource;
import io.foresell.training.job.InsideRunner;
import io.foresell.training.job.JobRunner;
import io.foresell.training.job.JobsConfig;
import io.foresell.training.job.Trainer;
import io.foresell.training.job.TrainingJobs;
import io.foresell.training.job.schedule.Schedule;
import io.foresell.training.job.schedule.Schedules;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.audit.AuditLog;
import io.foresell.training.rollout.Rollouts;
import io.foresell.training.rollout.observe.PredictionLogClient;
import io.foresell.training.rollout.observe.ReplicaFleetClient;
import io.foresell.training.run.TrainingRun;
import io.foresell.training.serve.AuditEdge;
import io.foresell.training.serve.AuditInterceptor;
import io.foresell.training.serve.AuditReportEdge;
import io.foresell.training.serve.RegistryEdge;
import io.foresell.training.serve.RetrainProtos;
import io.foresell.training.serve.RolloutEdge;
import io.foresell.training.serve.RolloutPlanProtos;
import io.foresell.training.serve.ScheduleEdge;
import io.foresell.training.serve.SignatureEdge;
import io.foresell.training.serve.TrainingAccess;
import io.foresell.training.serve.TrainingEdge;
import io.foresell.training.serve.TrainingProtos;
import io.foresell.training.serve.process.ChildRunner;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bson.Document;

/**
 * A running training service: jobs, registry, and what they need. Serves when MongoDB answers, also when it comes later.
 * Closing ends the watches, lets calls finish, and gives the job in work back to the queue.
 */
public final class TrainingServer implements AutoCloseable {
    /** The process's name, the domain of its failures. */
    public static final String NAME = "training";

    private static final int MAX_CONNECTIONS = 64;

    private final ServiceProcess.Resources resources;
    private final GrpcServer grpc;
    private final HttpEndpoint http;

    private TrainingServer(ServiceProcess.Resources resources, GrpcServer grpc, HttpEndpoint http) {
        this.resources = resources;
        this.grpc = grpc;
        this.http = http;
    }

    /**
     * Starts the service. MongoDB and the feature store may be away.
     *
     * @throws ServiceException when a setting cannot work: a port in use, an unwritable folder, a bad connection string
     */
    public static TrainingServer start(TrainingConfig config, Telemetry telemetry) {
        ServiceProcess.Resources resources = new ServiceProcess.Resources();
        try {
            return start(config, telemetry, runner(config, telemetry, resources), resources);
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private static JobRunner runner(TrainingConfig config, Telemetry telemetry, ServiceProcess.Resources resources) {
        if (config.jobs().mode() == JobsConfig.Mode.CHILD) {
            return new ChildRunner(
                    config.featureStoreTarget(),
                    config.readTimeout(),
                    config.wire(),
                    config.jobs().niceness());
        }
        GrpcClient featureStore = resources.add(GrpcClient.open(config.featureStoreTarget(), config.wire(), telemetry));
        TrainingSetSource source =
                new FeatureStoreClient(featureStore.channel(), config.wire().callTimeout(), config.readTimeout());
        return new InsideRunner(TrainingProtos.ENCODING, (spec, settings, told, isStopped) -> new TrainingRun(settings)
                .run(spec, source, told, isStopped));
    }

    /** Starts the service with another trainer inside; for tests of what happens around one. */
    static TrainingServer start(TrainingConfig config, Telemetry telemetry, Trainer trainer) {
        return start(
                config, telemetry, new InsideRunner(TrainingProtos.ENCODING, trainer), new ServiceProcess.Resources());
    }

    private static TrainingServer start(
            TrainingConfig config, Telemetry telemetry, JobRunner runner, ServiceProcess.Resources resources) {
        MeterRegistry meters = telemetry.meters();
        Clock clock = Clock.systemUTC();
        MongoClient mongo = resources.add(connect(config.mongo()));
        MongoDatabase database = database(mongo, config.mongo().database());
        ModelRegistry registry =
                new ModelRegistry(database, config.registry(), clock, meters, signer(config, telemetry, resources));
        AuditLog audit = new AuditLog(database, clock);
        resources.add(registry.releases().feed());
        TrainingJobs jobs = resources.add(
                new TrainingJobs(database, config.jobs(), TrainingProtos.ENCODING, runner, registry, clock, meters));
        Schedules schedules = resources.add(new Schedules(database, RetrainProtos.ENCODING, jobs, registry, clock));
        Rollouts rollouts = resources.add(rollouts(config, telemetry, database, registry, audit, clock, resources));
        RegistryEdge registryEdge = new RegistryEdge(registry, config.registry().maxWatchers(), meters);
        TrainingEdge trainingEdge = new TrainingEdge(jobs, config.jobs().maxWatchers(), meters);
        GrpcServer grpc = resources.add(GrpcServer.start(
                NAME,
                config.wire(),
                telemetry,
                GrpcServer.Threads.POOL,
                List.of(
                        registryEdge,
                        trainingEdge,
                        new ScheduleEdge(schedules),
                        new SignatureEdge(registry),
                        new RolloutEdge(rollouts),
                        new AuditEdge(audit),
                        new AuditReportEdge(audit)),
                TrainingAccess.table(id -> jobs.get(id).model(), name -> modelOf(schedules, name)),
                new AuditInterceptor(audit, registry, meters)));
        resources.add(registryEdge::drain);
        resources.add(trainingEdge::drain);
        HttpEndpoint http = resources.add(
                HttpEndpoint.start(config.wire().host(), config.wire().httpPort(), telemetry, grpc::isServing));
        registry.releases().feed().start();
        jobs.start();
        schedules.start();
        rollouts.start();
        resources.add(StoreMonitor.start(
                new WatchedStore(database, registry, audit, jobs, schedules, rollouts), grpc::setServing));
        return new TrainingServer(resources, grpc, http);
    }

    private static Optional<Supplier<SigningKey>> signer(
            TrainingConfig config, Telemetry telemetry, ServiceProcess.Resources resources) {
        String name = "packages.signing-key";
        return config.registry()
                .signingKey()
                .map(file -> RotatedFile.open(
                        name, file, bytes -> SigningKey.parse(name, bytes), config.wire(), telemetry, resources));
    }

    private static String modelOf(Schedules schedules, String name) {
        return schedules.list().stream()
                .filter(schedule -> schedule.name().equals(name))
                .map(Schedule::model)
                .findFirst()
                .orElse(name); // a schedule is named like its model unless it says otherwise
    }

    private static Rollouts rollouts(
            TrainingConfig config,
            Telemetry telemetry,
            MongoDatabase database,
            ModelRegistry registry,
            AuditLog audit,
            Clock clock,
            ServiceProcess.Resources resources) {
        ReplicaFleetClient replicas;
        try {
            replicas = resources.add(new ReplicaFleetClient(
                    config.rollout().inferenceTargets(),
                    (address, host) -> GrpcClient.open(address, host, config.wire(), telemetry)));
        } catch (IllegalArgumentException e) {
            throw new ServiceException(
                    Failure.invalid(
                            "SETTING_INVALID",
                            "rollout.inference-targets",
                            config.rollout().inferenceTargets(),
                            "host:port, several separated by commas"),
                    e);
        }
        GrpcClient featureStore = resources.add(GrpcClient.open(config.featureStoreTarget(), config.wire(), telemetry));
        PredictionLogClient predictions = new PredictionLogClient(featureStore.channel());
        return new Rollouts(
                database,
                RolloutPlanProtos.ENCODING,
                registry,
                audit,
                replicas,
                predictions,
                predictions,
                config.rollout(),
                clock,
                telemetry.meters());
    }

    private static MongoClient connect(TrainingConfig.Mongo mongo) {
        int connectMillis = (int) mongo.connectTimeout().toMillis();
        int callMillis = (int) mongo.callTimeout().toMillis();
        try {
            return MongoClients.create(MongoClientSettings.builder()
                    .applyConnectionString(new ConnectionString(mongo.uri()))
                    .applicationName("foresell-training")
                    .applyToClusterSettings(
                            cluster -> cluster.serverSelectionTimeout(connectMillis, TimeUnit.MILLISECONDS))
                    .applyToServerSettings(server -> server.heartbeatFrequency(2, TimeUnit.SECONDS))
                    .applyToConnectionPoolSettings(
                            pool -> pool.maxSize(MAX_CONNECTIONS).maxWaitTime(connectMillis, TimeUnit.MILLISECONDS))
                    .applyToSocketSettings(socket -> socket.connectTimeout(connectMillis, TimeUnit.MILLISECONDS)
                            .readTimeout(callMillis, TimeUnit.MILLISECONDS))
                    .build());
        } catch (IllegalArgumentException e) {
            // The driver's text is not shown: it may repeat the password.
            throw new ServiceException(Failure.invalid(
                    "SETTING_INVALID", "mongo.uri: not usable (expected: a mongodb:// or mongodb+srv:// string)"));
        }
    }

    private static MongoDatabase database(MongoClient mongo, String name) {
        try {
            return mongo.getDatabase(name)
                    .withWriteConcern(WriteConcern.MAJORITY.withJournal(true))
                    .withReadConcern(ReadConcern.MAJORITY);
        } catch (IllegalArgumentException e) {
            throw new ServiceException(
                    Failure.invalid("SETTING_INVALID", "mongo.database", name, "a MongoDB database name"), e);
        }
    }

    /** What the monitor does with MongoDB. */
    private record WatchedStore(
            MongoDatabase database,
            ModelRegistry registry,
            AuditLog audit,
            TrainingJobs jobs,
            Schedules schedules,
            Rollouts rollouts)
            implements StoreMonitor.Store {
        @Override
        public void ping() {
            database.runCommand(new Document("ping", 1));
        }

        @Override
        public void prepare() {
            registry.prepare();
            audit.prepare();
            jobs.prepare();
            schedules.prepare();
            rollouts.prepare();
        }

        @Override
        public void measure() {
            jobs.measure();
        }

        @Override
        public void tidy() {
            registry.sweepOrphans();
            jobs.sweep();
        }
    }

    /** Returns the bound gRPC port. */
    public int grpcPort() {
        return grpc.port();
    }

    /** Returns the bound port of /metrics, /livez and /readyz. */
    public int httpPort() {
        return http.port();
    }

    /** Says whether the service answers, which it does while MongoDB does. */
    public boolean isServing() {
        return grpc.isServing();
    }

    @Override
    public void close() {
        resources.close();
    }
}
