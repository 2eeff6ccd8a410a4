package io.foresell.standalone.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.GetFeaturesRequest;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.Value;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import java.util.List;
import java.util.Map;

/** Requests that are answered, to be spoiled. */
final class SoundRequests {
    private static final String JSON = "application/json";

    private SoundRequests() {}

    static List<RestCases.Sound> rest() {
        return List.of(
                post(
                        "/v1/models/leaving:score",
                        "{\"rows\": [{\"visits\": 3}, {\"visits\": null}], \"subjects\": [\"a\", \"b\"], \"reasons\": 2,"
                                + " \"language\": \"en\"}"),
                post(
                        "/v1/models/leaving:score",
                        "{\"entities\": [\"B1\", \"B2\"], \"version\": 1, \"labels\": 3, \"reason_label\": \"\"}"),
                post("/v1/models/leaving%3Ascore", "{\"rows\": [{\"visits\": 3}]}"),
                post(
                        "/v2/models/leaving/infer",
                        "{\"id\": \"7\", \"parameters\": {\"reason_count\": 2, \"allow_missing\": true}, \"inputs\": [{\"name\":"
                                + " \"visits\", \"datatype\": \"FP32\", \"shape\": [2, 1], \"data\": [3, null]}], \"outputs\":"
                                + " [{\"name\": \"score\", \"parameters\": {\"binary_data\": true}}]}"),
                post(
                        "/v2/models/leaving/versions/1/infer",
                        "{\"inputs\": [{\"data\": [[1], [2]], \"datatype\": \"INT64\", \"shape\": [2, 1], \"name\": \"visits\"}]}"),
                post(
                        "/v2/models/simple/infer",
                        "{\"inputs\": [{\"name\": \"INPUT0\", \"datatype\": \"INT32\", \"shape\": [1, 2], \"parameters\":"
                                + " {\"binary_data_size\": 8}}]}abcdefgh"),
                post("/v2/repository/index", "{\"ready\": true}"),
                post("/v2/repository/models/nothing/load", "{\"parameters\": {\"config\": \"{}\", \"x\": 1}}"),
                post("/v2/repository/models/nothing/unload", "{\"parameters\": {\"unload_dependents\": true}}"),
                post(
                        "/v1/outcomes",
                        "{\"outcomes\": [{\"id\": \"o\", \"name\": \"left\", \"model\": \"leaving\", \"subject\": \"B1\","
                                + " \"from\": \"2024-06-01T00:00:00Z\", \"until\": \"2024-07-01T00:00:00Z\", \"value\": 1,"
                                + " \"observed_at\": \"2024-06-02T00:00:00Z\"}, {\"prediction_id\":"
                                + " \"01JD8Z6X0V00000000000000XY\", \"value\": \"Yes\"}]}"),
                post("/v1/predictions/01JD8Z6X0V00000000000000XY/replay?reasons=2", ""),
                get("/v1/predictions/01JD8Z6X0V00000000000000XY"),
                get("/v1/customers/B1/churn?reasons=3&language=en"),
                get("/v1/models/leaving/entities/B1/score?reasons=1&version=1"),
                get("/v1/models"),
                get("/v1/models/leaving"),
                get("/v1/models/leaving/versions"),
                get("/v1/models/leaving/versions/1/report"),
                get("/v1/models/leaving/releases"),
                get("/v1/models/leaving/live?from=2024-06-01T00:00:00Z&version=1&slice_by=visits"),
                get("/v1/jobs?model=leaving"),
                get("/v1/services"),
                get("/v2"),
                get("/v2/health/live"),
                get("/v2/models/leaving"),
                get("/v2/models/leaving/versions/1/ready"),
                get("/v2/models/leaving/config"),
                get("/v2/models/leaving/stats"),
                get("/v2/models/stats"),
                get("/console/index.html"),
                get("/q/openapi"),
                get("/q/health/ready"));
    }

    /** Returns requests of gRPC by full method name. */
    static Map<String, List<Message>> grpc() {
        ScoreRequest named = ScoreRequest.newBuilder()
                .setModel("leaving")
                .setReasonCount(2)
                .setLanguage("en")
                .setNamedRows(NamedRows.newBuilder()
                        .addRows(NamedRow.newBuilder()
                                .setSubject("a")
                                .putValues(
                                        "visits",
                                        Value.newBuilder().setNumber(3).build())))
                .build();
        ScoreRequest packed = ScoreRequest.newBuilder()
                .setModel("leaving")
                .setVersion(1)
                .setPackedRows(
                        PackedRows.newBuilder().setRowCount(2).addNumbers(3).addNumbers(Float.NaN))
                .build();
        ScoreRequest keys = ScoreRequest.newBuilder()
                .setModel("leaving")
                .setEntityKeys(EntityKeys.newBuilder().addKeys("B1").addKeys("B2"))
                .build();
        return Map.of(
                InferenceServiceGrpc.getScoreMethod().getFullMethodName(),
                List.of(named, packed, keys),
                InferenceServiceGrpc.getScoreStreamMethod().getFullMethodName(),
                List.of(ScoreStreamRequest.newBuilder()
                        .setId("1")
                        .setRequest(named)
                        .build()),
                InferenceServiceGrpc.getScoreBulkMethod().getFullMethodName(),
                List.of(ScoreBulkRequest.newBuilder()
                        .setHeader(BulkHeader.newBuilder().setModel("leaving").setVersion(1))
                        .build()),
                GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName(),
                List.of(tensor(), added()),
                GRPCInferenceServiceGrpc.getModelStreamInferMethod().getFullMethodName(),
                List.of(tensor()),
                PredictionLogServiceGrpc.getReportOutcomesMethod().getFullMethodName(),
                List.of(ReportOutcomesRequest.newBuilder()
                        .addOutcomes(Outcome.newBuilder()
                                .setName("left")
                                .setNumber(1)
                                .setPredictionId("01JD8Z6X0V00000000000000XY"))
                        .build()),
                FeatureStoreServiceGrpc.getGetFeaturesMethod().getFullMethodName(),
                List.of(GetFeaturesRequest.newBuilder()
                        .setFeatureSet("buyers_features")
                        .addEntityKeys("B1")
                        .build()));
    }

    private static ModelInferRequest tensor() {
        return ModelInferRequest.newBuilder()
                .setModelName("leaving")
                .setId("7")
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("visits")
                        .setDatatype("FP32")
                        .addShape(2)
                        .addShape(1)
                        .setContents(InferTensorContents.newBuilder()
                                .addFp32Contents(3)
                                .addFp32Contents(4)))
                .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("score"))
                .build();
    }

    private static ModelInferRequest added() {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("simple");
        for (String name : List.of("INPUT0", "INPUT1")) {
            request.addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                    .setName(name)
                    .setDatatype("INT32")
                    .addShape(1)
                    .addShape(16));
            request.addRawInputContents(ByteString.copyFrom(new byte[64]));
        }
        return request.build();
    }

    private static RestCases.Sound post(String path, String body) {
        return new RestCases.Sound("POST", path, JSON, body);
    }

    private static RestCases.Sound get(String path) {
        return new RestCases.Sound("GET", path, JSON, "");
    }
}
