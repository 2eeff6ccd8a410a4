package io.foresell.cli.command;

import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.DefineRequest;
import io.foresell.proto.feature.v1.DefineResponse;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceImplBase;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.GetStoreStatusResponse;
import io.foresell.proto.feature.v1.IngestHeader;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.ListDefinitionsResponse;
import io.foresell.proto.feature.v1.ListQuarantineRequest;
import io.foresell.proto.feature.v1.ListQuarantineResponse;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.ViewIngestCounts;
import io.foresell.proto.feature.v1.ViewStatus;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.registry.v1.AliasMove;
import io.foresell.proto.registry.v1.CalibrationBin;
import io.foresell.proto.registry.v1.ColumnKind;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.DownloadPackageResponse;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.FeatureImportance;
import io.foresell.proto.registry.v1.GateResult;
import io.foresell.proto.registry.v1.GetReportRequest;
import io.foresell.proto.registry.v1.GetReportResponse;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.GetVersionResponse;
import io.foresell.proto.registry.v1.GraphOutput;
import io.foresell.proto.registry.v1.ImportModelRequest;
import io.foresell.proto.registry.v1.ImportModelResponse;
import io.foresell.proto.registry.v1.InspectModelRequest;
import io.foresell.proto.registry.v1.InspectModelResponse;
import io.foresell.proto.registry.v1.LiftRow;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ListModelsResponse;
import io.foresell.proto.registry.v1.ListReleasesRequest;
import io.foresell.proto.registry.v1.ListReleasesResponse;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ListVersionsResponse;
import io.foresell.proto.registry.v1.Model;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.ModelRegistryServiceImplBase;
import io.foresell.proto.registry.v1.ModelSignature;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.PublishVersionRequest;
import io.foresell.proto.registry.v1.PublishVersionResponse;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetAliasResponse;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.registry.v1.SetReleaseResponse;
import io.foresell.proto.registry.v1.SignatureColumn;
import io.foresell.proto.registry.v1.SignatureInput;
import io.foresell.proto.registry.v1.SignatureOutput;
import io.foresell.proto.training.v1.CancelJobRequest;
import io.foresell.proto.training.v1.CancelJobResponse;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.GetJobResponse;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobProgress;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.ListJobsResponse;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.StartJobResponse;
import io.foresell.proto.training.v1.TrainingServiceGrpc.TrainingServiceImplBase;
import io.foresell.proto.training.v1.WatchJobRequest;
import io.foresell.proto.training.v1.WatchJobResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All services behind one real socket, small enough to know every answer by heart; failures travel as in production. */
final class FixtureServer implements AutoCloseable {
    static final byte[] PACKAGE =
            "a package of the fixture".repeat(100_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);

    final Map<String, List<SourceRow>> batches = new ConcurrentHashMap<>();
    final Map<String, StoredDefinition> definitions = new ConcurrentHashMap<>();
    final AtomicInteger ingestFailures = new AtomicInteger();
    final AtomicInteger watchFailures = new AtomicInteger();
    final AtomicInteger loadPolls = new AtomicInteger(2);
    volatile Status loadFailure = Status.OK;
    volatile String lastToken = "";
    volatile ScoreRequest lastScore = ScoreRequest.getDefaultInstance();
    final List<ImportModelRequest> imports = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final List<Release> releases = new ArrayList<>();
    private final Server server;

    FixtureServer() {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("", ServingStatus.SERVING);
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(health.getHealthService())
                    .addService(new Store())
                    .addService(new Training())
                    .addService(new Registry())
                    .addService(new Inference())
                    .intercept(new io.grpc.ServerInterceptor() {
                        @Override
                        public <Q, A> io.grpc.ServerCall.Listener<Q> interceptCall(
                                io.grpc.ServerCall<Q, A> call,
                                io.grpc.Metadata headers,
                                io.grpc.ServerCallHandler<Q, A> next) {
                            String token = headers.get(
                                    io.grpc.Metadata.Key.of("authorization", io.grpc.Metadata.ASCII_STRING_MARSHALLER));
                            lastToken = token == null ? "" : token;
                            return next.startCall(call, headers);
                        }
                    })
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "localhost:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static <A> void answer(StreamObserver<A> observer, java.util.function.Supplier<A> work) {
        try {
            observer.onNext(work.get());
            observer.onCompleted();
        } catch (ServiceException e) {
            observer.onError(FailureStatus.toStatus(e, "fixture"));
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Store extends FeatureStoreServiceImplBase {
        @Override
        public void define(DefineRequest request, StreamObserver<DefineResponse> observer) {
            answer(observer, () -> {
                DefineResponse.Builder response = DefineResponse.newBuilder();
                for (Definition definition : request.getDefinitionsList()) {
                    String name = definition.hasFeatureView()
                            ? definition.getFeatureView().getName()
                            : definition.hasLabelView()
                                    ? definition.getLabelView().getName()
                                    : definition.getFeatureSet().getName();
                    if (name.equals("refused")) {
                        throw new ServiceException(Failure.invalid(
                                "DEFINITION_INVALID",
                                List.of(
                                        new Failure.FieldViolation(
                                                "definitions[0].feature_view.kind", "0 (expected: a kind)"),
                                        new Failure.FieldViolation(
                                                "definitions[0].feature_view.columns",
                                                "0 columns (expected: 1..1000)"))));
                    }
                    StoredDefinition stored = StoredDefinition.newBuilder()
                            .setDefinition(definition)
                            .setVersion(1)
                            .setHash(sha256(definition.toByteArray()))
                            .build();
                    definitions.put(name, stored);
                    response.addDefinitions(stored);
                }
                return response.build();
            });
        }

        @Override
        public void listDefinitions(ListDefinitionsRequest request, StreamObserver<ListDefinitionsResponse> observer) {
            answer(observer, () -> ListDefinitionsResponse.newBuilder()
                    .addDefinitions(StoredDefinition.newBuilder()
                            .setHash("hash-of-buyers")
                            .setDefinition(Definition.newBuilder()
                                    .setFeatureSet(FeatureSet.newBuilder()
                                            .setName("buyers")
                                            .setEntity("customer"))))
                    .build());
        }

        @Override
        public StreamObserver<IngestRequest> ingest(StreamObserver<IngestResponse> observer) {
            return new StreamObserver<>() {
                private IngestHeader header = IngestHeader.getDefaultInstance();
                private final List<SourceRow> rows = new ArrayList<>();

                @Override
                public void onNext(IngestRequest request) {
                    if (request.hasHeader()) {
                        header = request.getHeader();
                    }
                    rows.addAll(request.getRowsList());
                }

                @Override
                public void onError(Throwable error) {
                    rows.clear();
                }

                @Override
                public void onCompleted() {
                    answer(observer, () -> keep(header, rows));
                }
            };
        }

        private IngestResponse keep(IngestHeader header, List<SourceRow> rows) {
            if (ingestFailures.getAndDecrement() > 0) {
                throw new ServiceException(
                        Failure.unavailable("DATABASE_AWAY", "the database is away", Duration.ofSeconds(1)));
            }
            if (header.getViewsList().contains("nowhere")) {
                throw new ServiceException(Failure.notFound("view", "nowhere", "telco; nearest: telco"));
            }
            boolean isNew = batches.put(header.getBatchId(), List.copyOf(rows)) == null;
            IngestResponse.Builder response = IngestResponse.newBuilder().setRowCount(rows.size());
            List<SourceRow> wrong = rows.stream()
                    .filter(row -> row.getValuesCount() != header.getColumnsCount())
                    .toList();
            for (String view : header.getViewsList()) {
                response.addViews(ViewIngestCounts.newBuilder()
                        .setView(view)
                        .setAcceptedCount(isNew ? rows.size() - wrong.size() : 0)
                        .setDuplicateCount(isNew ? 0 : rows.size() - wrong.size())
                        .setQuarantinedCount(wrong.size())
                        .putCleanedCounts("amount: missing filled", 1));
            }
            wrong.forEach(row -> response.addFirstQuarantined(quarantined(row.getLineNumber())));
            return response.addIgnoredColumns("extra").build();
        }

        private QuarantinedRow quarantined(long line) {
            return QuarantinedRow.newBuilder()
                    .setView("telco")
                    .setSource("telco.csv")
                    .setLineNumber(line)
                    .setReason("WRONG_WIDTH")
                    .setMessage("values: 1 (expected: 3)")
                    .build();
        }

        @Override
        public void listQuarantine(ListQuarantineRequest request, StreamObserver<ListQuarantineResponse> observer) {
            boolean isFirst = request.getPageToken().isEmpty();
            answer(observer, () -> ListQuarantineResponse.newBuilder()
                    .addRows(quarantined(isFirst ? 7 : 8))
                    .setNextPageToken(isFirst ? "second" : "")
                    .setTotalCount(2)
                    .build());
        }

        @Override
        public void getStoreStatus(GetStoreStatusRequest request, StreamObserver<GetStoreStatusResponse> observer) {
            answer(observer, () -> GetStoreStatusResponse.newBuilder()
                    .addViews(ViewStatus.newBuilder()
                            .setView("telco")
                            .setEntityCount(7043)
                            .setRowCount(7043))
                    .build());
        }
    }

    private final class Training extends TrainingServiceImplBase {
        @Override
        public void startJob(StartJobRequest request, StreamObserver<StartJobResponse> observer) {
            answer(observer, () -> {
                Job job = Job.newBuilder()
                        .setId("job-" + (jobs.size() + 1))
                        .setSpec(request.getSpec())
                        .setState(JobState.JOB_STATE_QUEUED)
                        .build();
                jobs.put(job.getId(), job);
                return StartJobResponse.newBuilder().setJob(job).build();
            });
        }

        private Job known(String id) {
            Job job = jobs.get(id);
            if (job == null) {
                throw new ServiceException(Failure.notFound("job", id, "one of " + jobs.keySet()));
            }
            return job;
        }

        @Override
        public void watchJob(WatchJobRequest request, StreamObserver<WatchJobResponse> observer) {
            try {
                Job job = known(request.getJobId());
                observer.onNext(
                        WatchJobResponse.newBuilder().setJob(running(job)).build());
                if (watchFailures.getAndDecrement() > 0) {
                    observer.onError(
                            Status.UNAVAILABLE.withDescription("restarting").asRuntimeException());
                    return;
                }
                Job ended = ended(job);
                jobs.put(job.getId(), ended);
                observer.onNext(WatchJobResponse.newBuilder().setJob(ended).build());
                observer.onCompleted();
            } catch (ServiceException e) {
                observer.onError(FailureStatus.toStatus(e, "fixture"));
            }
        }

        private Job running(Job job) {
            return job.toBuilder()
                    .setState(JobState.JOB_STATE_RUNNING)
                    .setProgress(JobProgress.newBuilder()
                            .setStage("fit logistic_regression (fold 2 of 5)")
                            .setFraction(0.4)
                            .setLoss(0.4321)
                            .setIteration(3)
                            .setIterationCount(10)
                            .setSecondsLeft(12))
                    .build();
        }

        private Job ended(Job job) {
            if (job.getSpec().getModel().equals("one_class")) {
                return job.toBuilder()
                        .setState(JobState.JOB_STATE_FAILED)
                        .setFailureReason("LABEL_ONE_CLASS")
                        .setFailure("label: 1 class (expected: 2)")
                        .build();
            }
            return job.toBuilder()
                    .setState(JobState.JOB_STATE_SUCCEEDED)
                    .addResults(CandidateResult.newBuilder()
                            .setCandidate("logistic_regression")
                            .setEvaluation(evaluation(0.8452))
                            .setVersion(1))
                    .addResults(CandidateResult.newBuilder()
                            .setCandidate("boosted_trees")
                            .setEvaluation(evaluation(0.8471))
                            .setVersion(2)
                            .addAllGates(job.getSpec().hasGates() ? List.of(gate()) : List.of())
                            .setIsBest(true))
                    .build();
        }

        @Override
        public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
            answer(observer, () -> ListJobsResponse.newBuilder()
                    .addAllJobs(jobs.values())
                    .build());
        }

        @Override
        public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
            answer(observer, () -> GetJobResponse.newBuilder()
                    .setJob(known(request.getJobId()))
                    .build());
        }

        @Override
        public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobResponse> observer) {
            answer(observer, () -> CancelJobResponse.newBuilder()
                    .setJob(known(request.getJobId()).toBuilder().setState(JobState.JOB_STATE_CANCELLED))
                    .build());
        }
    }

    static Evaluation evaluation(double auc) {
        return Evaluation.newBuilder()
                .putMetrics("roc_auc", auc)
                .putMetrics("log_loss", 0.4174)
                .putMetrics("brier", 0.1355)
                .putBaselineMetrics("roc_auc", 0.5)
                .putBaselineMetrics("log_loss", 0.5786)
                .putMetricStandardDeviations("roc_auc", 0.0121)
                .setSplit("k_fold(k=5, by=ROW_INDEX)")
                .setTrainingRowCount(7043)
                .setEvaluationRowCount(7043)
                .setBaseRate(0.2654)
                .addLift(LiftRow.newBuilder().setTopFraction(0.1).setLift(2.88).setRecall(0.288))
                .addLift(LiftRow.newBuilder().setTopFraction(1).setLift(1).setRecall(1))
                .addCalibration(CalibrationBin.newBuilder()
                        .setMeanPredicted(0.71)
                        .setObservedRate(0.73)
                        .setRowCount(704))
                .addImportance(
                        FeatureImportance.newBuilder().setFeature("Contract").setMeanAbsoluteContribution(0.61))
                .addImportance(
                        FeatureImportance.newBuilder().setFeature("tenure").setMeanAbsoluteContribution(0.44))
                .build();
    }

    private static GateResult gate() {
        return GateResult.newBuilder()
                .setGate("champion roc_auc")
                .setValue("lead +0.001900 (95 %: -0.001100 to +0.004900, p = 0.214)")
                .setExpectation("superiority: lead surely above 0.00000")
                .build();
    }

    private final class Registry extends ModelRegistryServiceImplBase {
        private ModelVersion version(int number) {
            return ModelVersion.newBuilder()
                    .setModel("churn")
                    .setVersion(number)
                    .setDigest(sha256(PACKAGE))
                    .setPackageBytes(PACKAGE.length)
                    .setAlgorithm(number == 1 ? "logistic_regression" : "boosted_trees")
                    .setEngine(number == 1 ? "onnxruntime" : "")
                    .setFallbackReason(number == 1 ? "operator TopK: unknown" : "")
                    .setFeatureSet("telco_features")
                    .setEvaluation(evaluation(number == 1 ? 0.8452 : 0.8471))
                    .putParameters("inverse_penalty", "1.0")
                    .addAllGates(number == 1 ? List.of() : List.of(gate()))
                    .build();
        }

        private void requireChurn(String model) {
            if (!model.equals("churn")) {
                throw new ServiceException(Failure.notFound("model", model, "one of churn; nearest: churn"));
            }
        }

        @Override
        public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
            answer(observer, () -> {
                Model.Builder model = Model.newBuilder()
                        .setName("churn")
                        .setLatestVersion(version(2))
                        .putAliases("champion", 1)
                        .setVersionCount(2);
                if (!releases.isEmpty()) {
                    model.setRelease(releases.get(releases.size() - 1));
                }
                return ListModelsResponse.newBuilder().addModels(model).build();
            });
        }

        @Override
        public void listVersions(ListVersionsRequest request, StreamObserver<ListVersionsResponse> observer) {
            answer(observer, () -> {
                requireChurn(request.getModel());
                return ListVersionsResponse.newBuilder()
                        .addVersions(version(2))
                        .addVersions(version(1))
                        .build();
            });
        }

        @Override
        public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
            answer(observer, () -> {
                requireChurn(request.getModel());
                int number = request.hasAlias() ? 1 : request.getVersion();
                if (number > 2 || (request.hasAlias() && !request.getAlias().equals("champion"))) {
                    throw new ServiceException(Failure.notFound("version", Integer.toString(number), "1..2"));
                }
                return GetVersionResponse.newBuilder()
                        .setVersion(version(number))
                        .build();
            });
        }

        @Override
        public void getReport(GetReportRequest request, StreamObserver<GetReportResponse> observer) {
            answer(observer, () -> {
                if (request.getVersion() == 1) {
                    throw new ServiceException(Failure.notFound("report", "churn@1", "a version trained here"));
                }
                return GetReportResponse.newBuilder()
                        .setHtml(ByteString.copyFromUtf8("<!DOCTYPE html>"))
                        .build();
            });
        }

        @Override
        public void downloadPackage(DownloadPackageRequest request, StreamObserver<DownloadPackageResponse> observer) {
            for (int from = 0; from < PACKAGE.length; from += 1 << 20) {
                byte[] chunk = Arrays.copyOfRange(PACKAGE, from, Math.min(PACKAGE.length, from + (1 << 20)));
                observer.onNext(DownloadPackageResponse.newBuilder()
                        .setChunk(ByteString.copyFrom(chunk))
                        .build());
            }
            observer.onCompleted();
        }

        @Override
        public StreamObserver<PublishVersionRequest> publishVersion(StreamObserver<PublishVersionResponse> observer) {
            return new StreamObserver<>() {
                private String digest = "";
                private ByteString bytes = ByteString.EMPTY;

                @Override
                public void onNext(PublishVersionRequest request) {
                    digest = request.hasHeader() ? request.getHeader().getDigest() : digest;
                    bytes = bytes.concat(request.getChunk());
                }

                @Override
                public void onError(Throwable error) {
                    bytes = ByteString.EMPTY;
                }

                @Override
                public void onCompleted() {
                    answer(observer, () -> {
                        if (!digest.equals(sha256(bytes.toByteArray()))) {
                            throw new ServiceException(Failure.dataLoss("DIGEST_DIFFERS", "digest differs"));
                        }
                        return PublishVersionResponse.newBuilder()
                                .setVersion(version(3))
                                .build();
                    });
                }
            };
        }

        @Override
        public StreamObserver<ImportModelRequest> importModel(StreamObserver<ImportModelResponse> observer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ImportModelRequest request) {
                    imports.add(request);
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {
                    answer(observer, () -> ImportModelResponse.newBuilder()
                            .setVersion(version(3))
                            .setEngine("onnxruntime")
                            .setFallbackReason("operator TopK: unknown")
                            .addWarnings("No sample rows came with the model.")
                            .build());
                }
            };
        }

        @Override
        public StreamObserver<InspectModelRequest> inspectModel(StreamObserver<InspectModelResponse> observer) {
            return new StreamObserver<>() {
                private long byteCount;

                @Override
                public void onNext(InspectModelRequest request) {
                    byteCount += request.getChunk().size();
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {
                    answer(observer, () -> InspectModelResponse.newBuilder()
                            .setSignature(ModelSignature.newBuilder()
                                    .setTask("binary")
                                    .setOutput(SignatureOutput.newBuilder()
                                            .setName("probabilities")
                                            .setColumn(1))
                                    .addInputs(SignatureInput.newBuilder()
                                            .setName("input")
                                            .addColumns(SignatureColumn.newBuilder()
                                                    .setName("input_1")
                                                    .setKind(ColumnKind.COLUMN_KIND_NUMBER))))
                            .addOutputs(GraphOutput.newBuilder()
                                    .setName("probabilities")
                                    .setType("float [?, 2]"))
                            .setProducer("fixture 1.0")
                            .addWarnings("%d bytes read".formatted(byteCount))
                            .build());
                }
            };
        }

        @Override
        public void setAlias(SetAliasRequest request, StreamObserver<SetAliasResponse> observer) {
            answer(observer, () -> SetAliasResponse.newBuilder()
                    .setMove(AliasMove.newBuilder()
                            .setAlias(request.getAlias())
                            .setFromVersion(1)
                            .setToVersion(request.getVersion())
                            .setReason(request.getReason()))
                    .build());
        }

        @Override
        public void setRelease(SetReleaseRequest request, StreamObserver<SetReleaseResponse> observer) {
            answer(observer, () -> {
                if (request.hasExpectedRevision() && request.getExpectedRevision() != releases.size()) {
                    throw new ServiceException(Failure.conflict(
                            "REVISION_CHANGED", "revision", request.getExpectedRevision(), releases.size()));
                }
                Release release = Release.newBuilder()
                        .setModel(request.getModel())
                        .setRevision(releases.size() + 1)
                        .addAllRoutes(request.getRoutesList())
                        .setActor(request.getActor())
                        .setReason(request.getReason())
                        .build();
                releases.add(release);
                return SetReleaseResponse.newBuilder().setRelease(release).build();
            });
        }

        @Override
        public void listReleases(ListReleasesRequest request, StreamObserver<ListReleasesResponse> observer) {
            answer(observer, () -> ListReleasesResponse.newBuilder()
                    .addAllReleases(releases)
                    .build());
        }
    }

    private final class Inference extends InferenceServiceImplBase {
        @Override
        public void listLoadedModels(
                ListLoadedModelsRequest request, StreamObserver<ListLoadedModelsResponse> observer) {
            boolean isLoaded = loadPolls.decrementAndGet() <= 0;
            LoadState state = !loadFailure.isOk()
                    ? LoadState.LOAD_STATE_FAILED
                    : isLoaded ? LoadState.LOAD_STATE_READY : LoadState.LOAD_STATE_LOADING;
            ListLoadedModelsResponse.Builder response = ListLoadedModelsResponse.newBuilder()
                    .setIsRegistryConnected(true)
                    .setKernels("vector 512");
            for (int version = 1; version <= 2; version++) {
                response.addModels(LoadedModel.newBuilder()
                        .setModel("churn")
                        .setVersion(version)
                        .setState(state)
                        .setFailure(loadFailure.isOk() ? "" : String.valueOf(loadFailure.getDescription()))
                        .setEngine("compiled")
                        .setReleaseRevision(releases.size()));
            }
            answer(observer, response::build);
        }

        @Override
        public void score(ScoreRequest request, StreamObserver<ScoreResponse> observer) {
            lastScore = request;
            answer(observer, () -> {
                if (request.getEntityKeys().getKeysList().contains("nobody")) {
                    throw new ServiceException(Failure.notFound("entity", "nobody", "a key that was ingested"));
                }
                ScoreResponse.Builder response =
                        ScoreResponse.newBuilder().setModel(request.getModel()).setReleaseRevision(4);
                int rowCount = request.getEntityKeys().getKeysCount()
                        + request.getNamedRows().getRowsCount();
                for (int i = 0; i < rowCount; i++) {
                    ScoredRow.Builder row = ScoredRow.newBuilder()
                            .setEntityKey(
                                    request.hasEntityKeys()
                                            ? request.getEntityKeys().getKeys(i)
                                            : "")
                            .setScore(0.8123)
                            .setModelVersion(2)
                            .setBand("high");
                    if (row.getEntityKey().equals("unlike")) {
                        row.clearBand().setRefused(true).setRefuseBelow(0.9);
                    }
                    if (request.getReasonCount() > 0) {
                        row.addReasons(Reason.newBuilder()
                                .setFeature("Contract")
                                .setValue("Month-to-month")
                                .setContribution(0.93)
                                .setSentence("zh".equals(request.getLanguage()) ? "合同为按月" : "the contract is monthly"));
                    }
                    response.addRows(row);
                }
                return response.build();
            });
        }
    }
}
