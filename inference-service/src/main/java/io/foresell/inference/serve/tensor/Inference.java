package io.foresell.inference.serve.tensor;

import io.foresell.inference.admit.CallerQuotas;
import io.foresell.inference.measure.VersionCounts;
import io.foresell.inference.route.Usage;
import io.foresell.inference.serve.Calls;
import io.foresell.inference.serve.HeavyLane;
import io.foresell.inference.serve.log.PredictionLog;
import io.foresell.inference.shadow.AnsweredRows;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.InferParameter;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelInferResponse.InferOutputTensor;
import java.util.List;
import java.util.function.Consumer;

/** One request on its way through one version; counted by the version whatever becomes of it. Owned by the call. */
final class Inference {
    private static final String WANTS_FINAL = "triton_enable_empty_final_response";
    private static final String IS_HELD_OUT = "is_held_out";
    private static final String PREDICTION_ID = "prediction_id";
    private static final String PREDICTION_IDS = "prediction_ids";
    private static final String IS_FINAL = "triton_final_response";

    private final ModelInferRequest request;
    private final TensorModel model;
    private final TensorRequest tensors;
    private final boolean isRawAnswer;
    private final double estimatedNanos;
    private final boolean isHeavy;
    private final Phases phases;
    private final Consumer<AnsweredRows> shadows;
    private final RowIds ids;
    private final PredictionLog log;

    private Inference(
            ModelInferRequest request,
            TensorModel model,
            TensorRequest tensors,
            boolean isRawAnswer,
            Phases phases,
            Consumer<AnsweredRows> shadows,
            RowIds ids,
            PredictionLog log) {
        this.request = request;
        this.model = model;
        this.tensors = tensors;
        this.isRawAnswer = isRawAnswer;
        this.estimatedNanos = model.nanos(tensors);
        this.isHeavy = HeavyLane.isHeavy(tensors.rowCount(), estimatedNanos);
        this.phases = phases;
        this.shadows = shadows;
        this.ids = ids;
        this.log = log;
        Usage usage = model.usage();
        if (usage != null) {
            usage.begin(System.nanoTime());
        }
    }

    /** The version may leave memory as far as this call is concerned. */
    private void over() {
        Usage usage = model.usage();
        if (usage != null) {
            usage.end();
        }
    }

    /**
     * Finds the version and checks the tensors.
     *
     * @throws ServiceException NOT_FOUND, UNAVAILABLE or INVALID_ARGUMENT
     */
    static Inference begin(
            ModelInferRequest request,
            ModelDirectory directory,
            boolean isAlwaysRaw,
            Consumer<AnsweredRows> shadows,
            PredictionLog log) {
        Phases phases = new Phases();
        if (request.getModelName().isEmpty()) {
            throw new ServiceException(Failure.invalid("MODEL_REQUIRED", "model_name", "", "the name of a model"));
        }
        String subject = request.getParametersCount() == 0
                ? ""
                : new InferParameters("parameters", request.getParametersMap()).text("subject");
        TensorModel model = directory.find(request.getModelName(), request.getModelVersion(), subject);
        try {
            TensorRequest tensors = TensorRequest.of(request);
            // Admission took one; a shape without elements may name any number of rows.
            CallerQuotas.charge(Math.min(PackageRows.MAX_ROWS, tensors.rowCount()) - 1);
            phases.read();
            RowIds ids = RowIds.reserve(subject, tensors.rowCount());
            return new Inference(request, model, tensors, tensors.isRaw() || isAlwaysRaw, phases, shadows, ids, log);
        } catch (RuntimeException e) {
            countFailure(model, phases, e);
            throw e;
        }
    }

    private static void countFailure(TensorModel model, Phases phases, Throwable error) {
        phases.countFailure(model.statistics());
        VersionCounts counts = model.counts();
        if (counts != null) {
            counts.failed(error);
        }
    }

    /** Returns whether it would hold up the network thread. */
    boolean isHeavy() {
        return isHeavy;
    }

    /** Returns what it takes at least, nanoseconds. */
    long estimatedNanos() {
        return (long) estimatedNanos;
    }

    /** Counts an inference that was not run. */
    void refused(Throwable cause) {
        over();
        countFailure(model, phases, cause);
    }

    /**
     * Infers; call it once.
     *
     * @throws ServiceException INVALID_ARGUMENT when the tensors do not fit the model, DEADLINE_EXCEEDED when it waited too long
     */
    ModelInferResponse run() {
        phases.queued();
        try {
            if (isHeavy) {
                Calls.requireTimeLeft();
            }
            ModelInferResponse response = write(model.infer(tensors, ids, phases, shadows));
            phases.written();
            phases.countSuccess(model.statistics(), tensors.rowCount());
            VersionCounts counts = model.counts();
            if (counts != null) {
                counts.answered(phases.totalNanos());
            }
            TensorAnswer.log(log, model, tensors, ids, request.getSerializedSize());
            return response;
        } catch (RuntimeException | Error e) {
            countFailure(model, phases, e);
            throw e;
        } finally {
            over();
        }
    }

    private ModelInferResponse write(List<OutputTensor> outputs) {
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                .setModelName(model.name())
                .setModelVersion(model.version())
                .setId(request.getId());
        for (OutputTensor output : outputs) {
            InferOutputTensor.Builder tensor = InferOutputTensor.newBuilder()
                    .setName(output.name())
                    .setDatatype(output.datatype().name())
                    .addAllShape(output.shape());
            if (isRawAnswer) {
                response.addRawOutputContents(output.raw());
            } else {
                tensor.setContents(output.contents());
            }
            response.addOutputs(tensor);
        }
        if (model instanceof PackageModel && ids.areListed()) { // test models are nobody's predictions
            response.putParameters(
                    ids.rowCount() == 1 ? PREDICTION_ID : PREDICTION_IDS,
                    InferParameter.newBuilder().setStringParam(ids.listed()).build());
        }
        if (model.isHeldOut()) {
            response.putParameters(
                    IS_HELD_OUT, InferParameter.newBuilder().setBoolParam(true).build());
        }
        if (tensors.parameters().flag(WANTS_FINAL)) {
            response.putParameters(
                    IS_FINAL, InferParameter.newBuilder().setBoolParam(true).build());
        }
        return response.build();
    }
}
