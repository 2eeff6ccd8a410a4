package io.foresell.cli.command;

import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
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
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One model, churn, of two versions, and the releases that tests make. */
final class FixtureRegistry extends ModelRegistryServiceImplBase {
    final List<ImportModelRequest> imports = new java.util.concurrent.CopyOnWriteArrayList<>();
    final List<Release> releases = new ArrayList<>();

    static GateResult gate() {
        return GateResult.newBuilder()
                .setGate("champion roc_auc")
                .setValue("lead +0.001900 (95 %: -0.001100 to +0.004900, p = 0.214)")
                .setExpectation("superiority: lead surely above 0.00000")
                .build();
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

    private ModelVersion version(int number) {
        return ModelVersion.newBuilder()
                .setModel("churn")
                .setVersion(number)
                .setDigest(FixtureServer.sha256(FixtureServer.PACKAGE))
                .setPackageBytes(FixtureServer.PACKAGE.length)
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
        FixtureServer.answer(observer, () -> {
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
        FixtureServer.answer(observer, () -> {
            requireChurn(request.getModel());
            return ListVersionsResponse.newBuilder()
                    .addVersions(version(2))
                    .addVersions(version(1))
                    .build();
        });
    }

    @Override
    public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
        FixtureServer.answer(observer, () -> {
            requireChurn(request.getModel());
            int number = request.hasAlias() ? 1 : request.getVersion();
            if (number > 2 || (request.hasAlias() && !request.getAlias().equals("champion"))) {
                throw new ServiceException(Failure.notFound("version", Integer.toString(number), "1..2"));
            }
            return GetVersionResponse.newBuilder().setVersion(version(number)).build();
        });
    }

    @Override
    public void getReport(GetReportRequest request, StreamObserver<GetReportResponse> observer) {
        FixtureServer.answer(observer, () -> {
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
        for (int from = 0; from < FixtureServer.PACKAGE.length; from += 1 << 20) {
            byte[] chunk = Arrays.copyOfRange(
                    FixtureServer.PACKAGE, from, Math.min(FixtureServer.PACKAGE.length, from + (1 << 20)));
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
                FixtureServer.answer(observer, () -> {
                    if (!digest.equals(FixtureServer.sha256(bytes.toByteArray()))) {
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
                FixtureServer.answer(observer, () -> ImportModelResponse.newBuilder()
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
                FixtureServer.answer(observer, () -> InspectModelResponse.newBuilder()
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
        FixtureServer.answer(observer, () -> SetAliasResponse.newBuilder()
                .setMove(AliasMove.newBuilder()
                        .setAlias(request.getAlias())
                        .setFromVersion(1)
                        .setToVersion(request.getVersion())
                        .setReason(request.getReason()))
                .build());
    }

    @Override
    public void setRelease(SetReleaseRequest request, StreamObserver<SetReleaseResponse> observer) {
        FixtureServer.answer(observer, () -> {
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
            if (request.hasLadder()) {
                release = release.toBuilder().setLadder(request.getLadder()).build();
            }
            releases.add(release);
            return SetReleaseResponse.newBuilder().setRelease(release).build();
        });
    }

    @Override
    public void listReleases(ListReleasesRequest request, StreamObserver<ListReleasesResponse> observer) {
        FixtureServer.answer(
                observer,
                () -> ListReleasesResponse.newBuilder().addAllReleases(releases).build());
    }
}
