package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.pack.PackageWriter;
import io.foresell.proto.registry.v1.ChampionComparison;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.GateResult;
import io.foresell.proto.registry.v1.GetReportRequest;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.ListSchedulesRequest;
import io.foresell.proto.training.v1.ScheduleServiceGrpc;
import io.foresell.proto.training.v1.SetScheduleRequest;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.proto.training.v1.WatchJobRequest;
import io.foresell.proto.training.v1.WatchJobResponse;
import io.foresell.store.embedded.EmbeddedStore;
import io.foresell.training.dataset.PlantedCustomers;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.TrainingRun;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates from a spec through a real training into a real registry to a release. Each test has a model of its own. */
final class ChampionContractTest {
    private static final EmbeddedStore STORE = EmbeddedStore.inMemory();
    private static final String BOTH = "'candidates':[{'name':'both','logistic_regression':{}}]";
    private static final String WEAK = "'candidates':[{'name':'weak_only','logistic_regression':{},"
            + "'prepare':{'columns':[{'columns':['strong'],'leave_out':true}]}}]";
    private static final String SUPERIOR = ",'gates':{'champion':{}}";

    @TempDir
    static Path scratch;

    private static TestService service;
    private static volatile TrainingSet rows;
    private static volatile Runnable afterTraining;

    @BeforeAll
    static void start() {
        service = new TestService(
                STORE.uri(),
                scratch,
                (spec, settings, listener, isStopped) -> {
                    List<CandidateOutcome> outcomes = new TrainingRun(settings)
                            .run(spec, (query, heard, isCancelled) -> rows, listener, isStopped);
                    afterTraining.run();
                    return outcomes;
                },
                Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
        STORE.close();
    }

    @BeforeEach
    void rowsOfBoth() {
        rows = PlantedCustomers.binary(400, "v2", "weak", "strong");
        afterTraining = () -> {};
    }

    private static TrainingSpec spec(String model, String json) {
        try {
            TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                    .setModel(model)
                    .setFeatureSet("customer_features")
                    .setLabelView("left");
            JsonFormat.parser().merge(("{" + json + "}").replace('\'', '"'), spec);
            return spec.build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(json, e);
        }
    }

    private static Job job(String model, String json) {
        Job job = service.training()
                .startJob(
                        StartJobRequest.newBuilder().setSpec(spec(model, json)).build())
                .getJob();
        Iterator<WatchJobResponse> watch = TrainingServiceGrpc.newBlockingStub(service.channel)
                .watchJob(WatchJobRequest.newBuilder().setJobId(job.getId()).build());
        while (watch.hasNext()) {
            job = watch.next().getJob();
        }
        return job;
    }

    /** Trains, and returns the version that came of it; the job's result and the registry say the same of its gates. */
    private static ModelVersion trained(String model, String json) {
        Job job = job(model, json);
        assertThat(job.getState()).as(job.getFailure()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        CandidateResult result = job.getResults(0);
        ModelVersion version = service.registry()
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel(model)
                        .setVersion(result.getVersion())
                        .build())
                .getVersion();
        assertThat(result.getGatesList()).isEqualTo(version.getGatesList());
        assertThat(result.getIsEligible()).isEqualTo(version.getIsEligible());
        assertThat(result.getEvaluation().getChampion())
                .isEqualTo(version.getEvaluation().getChampion());
        return version;
    }

    private static void release(String model, int version) {
        service.registry()
                .setRelease(SetReleaseRequest.newBuilder()
                        .setModel(model)
                        .addRoutes(Route.newBuilder().setVersion(version).setWeight(100))
                        .setActor("test")
                        .setReason("test")
                        .build());
    }

    private static void releaseTrained(String model, String json) {
        release(model, trained(model, json).getVersion());
    }

    @Test
    void aCandidateWithANewFeatureBeatsTheChampionThatDoesNotKnowIt() {
        rows = PlantedCustomers.binary(400, "v1", "weak");
        releaseTrained("better", BOTH);
        rows = PlantedCustomers.binary(400, "v2", "weak", "strong");

        ModelVersion version = trained("better", BOTH + SUPERIOR);

        assertThat(version.getIsEligible()).isTrue();
        assertThat(version.getGates(0).getGate()).isEqualTo("champion roc_auc");
        assertThat(version.getGates(0).getValue())
                .startsWith("lead +0.")
                .contains(
                        "of better@1 on the same 400 rows; repeated in the same folds, because its package may have been"
                                + " fitted on rows that judge, without the features that it does not know: strong");
        assertThat(version.getGates(0).getExpectation()).isEqualTo("superiority: lead surely above 0.00000");
        ChampionComparison champion = version.getEvaluation().getChampion();
        assertThat(champion.getVersion()).isEqualTo(1);
        assertThat(champion.getWay()).isEqualTo("repeated");
        assertThat(champion.getRowCount()).isEqualTo(400);
        assertThat(champion.getComparison().getTest()).isEqualTo("delong");
        assertThat(champion.getComparison().getInterval().getLow()).isPositive();
        assertThat(version.getParametersMap()).containsEntry("champion", "1");
        assertThat(service.registry()
                        .getReport(GetReportRequest.newBuilder()
                                .setModel("better")
                                .setVersion(version.getVersion())
                                .build())
                        .getHtml()
                        .toStringUtf8())
                .contains("Beside the champion", "both is better than better@1");
        release("better", version.getVersion());
    }

    @Test
    void aWorseCandidateIsNotReleased() {
        releaseTrained("worse", BOTH);

        ModelVersion version = trained("worse", WEAK + SUPERIOR);

        assertThat(version.getIsEligible()).isFalse();
        assertThat(version.getGates(0).getValue()).startsWith("lead -0.");
        assertThat(assertRefused(
                                Status.Code.FAILED_PRECONDITION,
                                "GATES_FAILED",
                                () -> release("worse", version.getVersion()))
                        .message())
                .contains("champion roc_auc: lead -0.", "(expected: superiority: lead surely above 0.00000)");
    }

    @Test
    void anEqualCandidateIsNotSuperiorButNotInferiorEither() {
        releaseTrained("equal", BOTH);

        ModelVersion superior = trained("equal", BOTH + SUPERIOR);
        ChampionComparison champion = superior.getEvaluation().getChampion();
        assertThat(champion.getComparison().getDifference()).isZero();
        assertThat(champion.getComparison().getInterval().getLow()).isZero();
        assertThat(champion.getComparison().getInterval().getHigh()).isZero();
        assertThat(champion.getComparison().getPValue()).isEqualTo(1);
        assertThat(champion.getReason()).endsWith("candidate both is the same, so both are one");
        assertThat(superior.getIsEligible()).isFalse();

        ModelVersion notInferior = trained(
                "equal", BOTH + ",'gates':{'champion':{'rule':'CHAMPION_RULE_NON_INFERIORITY','margin':0.001}}");
        assertThat(notInferior.getIsEligible()).isTrue();
        assertThat(notInferior.getGates(0).getExpectation())
                .isEqualTo("non-inferiority: lead surely above -0.00100000");
    }

    @Test
    void theChampionIsWhoHasTheAlias() {
        trained("alias", BOTH);
        trained("alias", WEAK);
        service.registry()
                .setAlias(SetAliasRequest.newBuilder()
                        .setModel("alias")
                        .setAlias("champion")
                        .setVersion(2)
                        .setActor("test")
                        .build());
        ModelVersion version = trained("alias", BOTH + ",'gates':{'champion':{'version':'champion'}}");
        assertThat(version.getIsEligible()).isTrue();
        assertThat(version.getEvaluation().getChampion().getComparison().getOther())
                .isEqualTo("alias@2");
        assertThat(trained("alias", BOTH + SUPERIOR).getGates(0).getExpectation())
                .as("nothing is released")
                .isEqualTo("any: there is no champion yet");
    }

    /** Stands for an imported model: a graph without spec or history, as an import leaves it. */
    private static void publishAsImported(String model, String from) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        service.registry()
                .downloadPackage(DownloadPackageRequest.newBuilder()
                        .setModel(from)
                        .setVersion(1)
                        .build())
                .forEachRemaining(
                        response -> bytes.writeBytes(response.getChunk().toByteArray()));
        ModelPackage read = ModelPackage.read(bytes.toByteArray());
        Manifest manifest = read.manifest().toBuilder()
                .setModel(model)
                .setAlgorithm("imported")
                .clearProvenance()
                .clearEvaluation()
                .build();
        service.publish(
                model,
                PackageWriter.write(
                        new PackageContent(manifest, read.onnx(), read.background(), read.goldenRows(), Map.of())));
        release(model, 1);
    }

    @Test
    void anImportedChampionScoresByItsPackage() throws Exception {
        trained("elsewhere", WEAK);
        publishAsImported("imported", "elsewhere");

        ModelVersion version = trained("imported", BOTH + SUPERIOR);

        assertThat(version.getEvaluation().getChampion().getWay()).isEqualTo("package");
        assertThat(version.getEvaluation().getChampion().getComparison().getOtherValue())
                .isBetween(0.5, 0.7);
        assertThat(version.getGates(0).getValue())
                .endsWith(
                        "scored by its package, because it was not trained here, so its package has no spec; it may have"
                                + " been fitted on rows that judge, which favours it");
        assertThat(version.getIsEligible()).isTrue();
    }

    @Test
    void aChampionThatReadsWhatIsNotThereIsComparedByItsMetrics() {
        releaseTrained("blind", BOTH);
        rows = PlantedCustomers.binary(400, "v3", "weak", "region");

        ModelVersion version = trained("blind", BOTH + SUPERIOR);

        assertThat(version.getEvaluation().getChampion().getWay()).isEqualTo("metrics");
        assertThat(version.getEvaluation().getChampion().hasComparison()).isFalse();
        assertThat(version.getIsEligible()).isFalse();
        assertThat(version.getGates(0).getValue())
                .startsWith("lead -0.")
                .endsWith(
                        "of blind@1, by the metrics of two trainings, because feature set customer_features lacks what it"
                                + " reads: strong");
    }

    @Test
    void onRowsLaterThanItsOwnTheChampionScoresByItsPackage() {
        String byTime = ",'split':{'time':{'test_fraction':0.3}}";
        rows = PlantedCustomers.binary(500, "v2", "weak", "strong");
        releaseTrained("later", WEAK + byTime);
        rows = PlantedCustomers.binary(1000, "v2", "weak", "strong");

        ModelVersion version = trained("later", BOTH + byTime + SUPERIOR);

        assertThat(version.getEvaluation().getChampion().getWay()).isEqualTo("package");
        assertThat(version.getEvaluation().getChampion().getReason())
                .isEqualTo("every row that judges is later than those it was fitted on");
        assertThat(version.getEvaluation().getChampion().getRowCount()).isEqualTo(300);
        assertThat(version.getIsEligible()).isTrue();
    }

    @Test
    void aChampionThatCameMeanwhileIsNoticed() {
        releaseTrained("changed", WEAK);
        trained("changed", BOTH);
        afterTraining = () -> release("changed", 2);

        ModelVersion version = trained("changed", BOTH + SUPERIOR);

        assertThat(version.getIsEligible()).isFalse();
        assertThat(version.getGates(0).getValue()).isEqualTo("judged against changed@1");
        assertThat(version.getGates(0).getExpectation())
                .isEqualTo("judged against changed@2, which is the champion now: train again");

        trained("appeared", BOTH);
        afterTraining = () -> release("appeared", 1);
        ModelVersion first = trained("appeared", BOTH + SUPERIOR);
        assertThat(first.getIsEligible()).isFalse();
        assertThat(first.getGates(0).getValue()).isEqualTo("judged against no champion");
    }

    @Test
    void aScheduledTrainingMeetsTheChampionToo() throws Exception {
        releaseTrained("weekly", WEAK);
        var schedules = ScheduleServiceGrpc.newBlockingStub(service.channel);
        schedules.setSchedule(SetScheduleRequest.newBuilder()
                .setSpec(spec("weekly", BOTH + SUPERIOR + ",'retrain':{'every':'7d','drift':{'max_psi':0.001}}"))
                .build());
        try (MongoClient mongo = MongoClients.create(STORE.uri())) {
            mongo.getDatabase("test")
                    .getCollection("job_schedules")
                    .updateOne(Filters.eq("_id", "weekly"), Updates.set("next_at", Date.from(Instant.now())));
        }
        rows = PlantedCustomers.binary(500, "v2", "weak", "strong");
        String jobId = "";
        for (int i = 0; i < 400 && jobId.isEmpty(); i++) {
            Thread.sleep(50);
            jobId = schedules
                    .listSchedules(ListSchedulesRequest.getDefaultInstance())
                    .getSchedules(0)
                    .getLastJobId();
        }
        Job job = Job.getDefaultInstance();
        for (int i = 0; i < 400 && job.getEndedAtMillis() == 0; i++) {
            Thread.sleep(50);
            job = service.training()
                    .getJob(GetJobRequest.newBuilder().setJobId(jobId).build())
                    .getJob();
        }
        assertThat(job.getState()).as(job.getFailure()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(job.getResultsList()).as(job.getRemark()).hasSize(1);
        assertThat(job.getResults(0).getEvaluation().getChampion().getWay()).isEqualTo("repeated");
        assertThat(job.getResults(0).getIsEligible()).isTrue();
    }

    private static GateResult gate(ModelVersion version, String name) {
        return version.getGatesList().stream()
                .filter(gate -> gate.getGate().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + version.getGatesList()));
    }

    private static final String ALL_GATES =
            """
            ,'gates':{'worst_slice':{'metric':'roc_auc','limit':%s},'metrics':[{'metric':'log_loss','limit':%s}],
             'max_calibration_error':%s,'no_leaks':true,'max_p99_micros':%s}
            """;

    /** Of these features one is much the best, which is an honest one. */
    private static final String VOUCHED = ",'judge':{'accept_leaks':['dominant_column']}";

    @Test
    void everyOtherGateHoldsOrFailsInWords() {
        rows = PlantedCustomers.binary(800, "v2", "weak", "strong", "second", "region");
        ModelVersion sound = trained("gated", BOTH + VOUCHED + ALL_GATES.formatted(0.2, 2, 0.5, 1e7));
        assertThat(sound.getIsEligible()).as("%s", sound.getGatesList()).isTrue();
        assertThat(sound.getGatesList())
                .extracting(GateResult::getGate)
                .containsExactly(
                        "log_loss", "expected_calibration_error", "no leaks", "worst_slice_roc_auc", "p99 of one row");
        assertThat(Double.parseDouble(gate(sound, "worst_slice_roc_auc").getValue()))
                .as("in the east nothing tells the label")
                .isBetween(0.35, 0.65)
                .isCloseTo(sound.getEvaluation().getMetricsOrThrow("worst_slice_roc_auc"), within(1e-6));
        assertThat(gate(sound, "worst_slice_roc_auc").getExpectation()).isEqualTo("at least 0.200000");
        assertThat(gate(sound, "no leaks").getValue()).isEqualTo("none found");
        release("gated", sound.getVersion());

        rows = PlantedCustomers.binary(800, "v4", "weak", "strong", "second", "region", "copy");
        ModelVersion leaky = trained(
                "gated", BOTH + ",'judge':{'on_leak':'ON_LEAK_WARN'}" + ALL_GATES.formatted(1.1, 1e-9, 0, 1e-6));
        assertThat(leaky.getIsEligible()).isFalse();
        assertThat(leaky.getGatesList()).noneMatch(GateResult::getIsHeld);
        assertThat(gate(leaky, "worst_slice_roc_auc").getExpectation()).isEqualTo("at least 1.10000");
        assertThat(gate(leaky, "log_loss").getExpectation()).isEqualTo("at most 1.00000e-09");
        assertThat(gate(leaky, "expected_calibration_error").getExpectation()).isEqualTo("at most 0.00000");
        assertThat(gate(leaky, "p99 of one row").getValue()).endsWith(" us");
        assertThat(gate(leaky, "p99 of one row").getExpectation()).isEqualTo("at most 1.00000e-06 us");
        assertThat(gate(leaky, "no leaks").getValue()).contains("Feature copy is the label under another name");
        assertThat(assertRefused(
                                Status.Code.FAILED_PRECONDITION,
                                "GATES_FAILED",
                                () -> release("gated", leaky.getVersion()))
                        .message())
                .contains("no leaks: Feature copy is the label under another name");

        ModelVersion accepted = trained(
                "gated", BOTH + ",'judge':{'accept_leaks':['copy','dominant_column']},'gates':{'no_leaks':true}");
        assertThat(accepted.getIsEligible()).as("a person has looked").isTrue();
    }
}
