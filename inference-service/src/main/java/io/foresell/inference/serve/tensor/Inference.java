package io.foresell.inference.serve.tensor;

import io.foresell.inference.admit.CallerQuotas;
import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.Rung;
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
    private static final String DEGRADATION = "degradation";
    private static final String DEGRADATION_CAUSE = "degradation_cause";
    private static final String CHOSEN_VERSION = "chosen_version";
    private static final String IS_FINAL = "triton_final_response";

    private final ModelInferRequest request;
    private final TensorRequest tensors;
    private final TensorLadder ladder;
    private final boolean isRawAnswer;
    private TensorModel model; // that answers: the one chosen, until another one has to
    private double estimatedNanos;
    private boolean isHeavy;
    private final Phases phases;
    private final Consumer<AnsweredRows> shadows;
    private final RowIds ids;
    private final PredictionLog log;

    private Inference(
            ModelInferRequest request,
            TensorModel model,
            TensorRequest tensors,
            TensorLadder ladder,
            boolean isRawAnswer,
            Phases phases,
            Consumer<AnsweredRows> shadows,
            RowIds ids,
            PredictionLog log) {
        this.request = request;
        this.model = model;
        this.tensors = tensors;
        this.ladder = ladder;
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
     * @throws ServiceException NOT_FOUND, UNAVAILABLE, INVALID_ARGUMENT, or DEADLINE_EXCEEDED when no rung of a ladder answers in time
     */
    static Inference begin(
            ModelInferRequest request,
            ModelDirectory directory,
            TensorLadder ladder,
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
            return new Inference(
                    request,
                    ladder.highest(model, tensors),
                    tensors,
                    ladder,
                    tensors.isRaw() || isAlwaysRaw,
                    phases,
                    shadows,
                    ids,
                    log);
        } catch (RuntimeException e) {
            countFailure(model, phases, e);
            throw e;
        }
    }

    private static void countFailure(TensorModel model, Phases phases, Throwable error) {
        phases.countFailure(model.statistics());
        model.failed(error);
    }

    /** Returns whether it would hold up the network thread. */
    boolean isHeavy() {
        return isHeavy;
    }

    /** Returns what it takes at least, nanoseconds. */
    long estimatedNanos() {
        return (long) estimatedNanos;
    }

    /** Returns whether a lower rung answers at once; counts an inference that none does. */
    boolean isAnsweredBelow(Cause cause) {
        PackageModel fallback;
        try {
            fallback = ladder.below(model, tensors, cause);
        } catch (ServiceException e) { // of the request
            refused(e);
            throw e;
        }
        if (fallback == null) {
            return false;
        }
        model = fallback;
        estimatedNanos = fallback.nanos(tensors);
        isHeavy = false;
        return true;
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
                model = ladder.highestNow(model, tensors);
            }
            ModelInferResponse response = write(infer());
            phases.written();
            phases.countSuccess(model.statistics(), tensors.rowCount());
            model.answered(phases.totalNanos(), tensors.rowCount());
            if (model instanceof PackageModel released) {
                ladder.answered(released, tensors.rowCount());
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

    private List<OutputTensor> infer() {
        try {
            return model.infer(tensors, ids, phases, shadows);
        } catch (ServiceException e) {
            throw e; // of the request
        } catch (RuntimeException e) {
            PackageModel fallback = ladder.below(model, tensors, Cause.SCORER_FAILED);
            if (fallback == null || !(model instanceof PackageModel chosen)) {
                ladder.failed(model, e, tensors.rowCount());
                throw e;
            }
            ladder.failed(chosen, e);
            return inferInstead(chosen, fallback, e);
        }
    }

    private List<OutputTensor> inferInstead(PackageModel chosen, PackageModel fallback, RuntimeException error) {
        try {
            List<OutputTensor> outputs = fallback.infer(tensors, ids, phases, shadows);
            model = fallback;
            return outputs;
        } catch (ServiceException e) {
            throw e;
        } catch (RuntimeException e) {
            ladder.failed(fallback, e);
            ladder.refused(chosen, Cause.SCORER_FAILED, tensors.rowCount());
            throw error;
        }
    }

    private static InferParameter text(String value) {
        return InferParameter.newBuilder().setStringParam(value).build();
    }

    /** Says which rung answered; nothing when the version chosen did. */
    private void writeDegradation(ModelInferResponse.Builder response) {
        if (model instanceof PackageModel released && released.cause() != null) {
            response.putParameters(DEGRADATION, text(Rung.FALLBACK.tag()))
                    .putParameters(DEGRADATION_CAUSE, text(released.cause().tag()))
                    .putParameters(
                            CHOSEN_VERSION,
                            InferParameter.newBuilder()
                                    .setInt64Param(released.asked().version())
                                    .build());
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
            response.putParameters(ids.rowCount() == 1 ? PREDICTION_ID : PREDICTION_IDS, text(ids.listed()));
        }
        writeDegradation(response);
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
