package io.foresell.inference.serve.tensor;

import io.foresell.inference.route.CallStatistics;
import io.foresell.inference.route.Usage;
import io.foresell.inference.shadow.AnsweredRows;
import io.foresell.kit.ServiceException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One version of a model as clients of the protocol see it. */
sealed interface TensorModel permits PackageModel, TestModel {
    String name();

    String version();

    /** Returns the versions of the model that answer, this one among them. */
    List<String> versions();

    /** Names what runs it, {@code <project>_<format>}. */
    String platform();

    List<TensorSpec> inputs();

    List<TensorSpec> outputs();

    /** Returns the greatest first dimension of a request. */
    int maxRows();

    /** Returns further facts for the model's configuration. */
    Map<String, String> facts();

    CallStatistics statistics();

    /** Counts a call that was answered, under the release that chose the version if one did. */
    void answered(long totalNanos, int rowCount);

    /** Counts a call that failed, in the same way. */
    void failed(Throwable error);

    /** Returns whether the request's subject belongs to the hold-out group of the release. */
    boolean isHeldOut();

    /** Returns how the model is asked for; null when it cannot leave memory. */
    @Nullable
    Usage usage();

    /** Returns the estimated time of a request. */
    double nanos(TensorRequest request);

    /**
     * Infers.
     *
     * @param ids of the rows' answers
     * @param phases is told where the time goes
     * @param shadows is given what a shadow scores, too
     * @throws ServiceException INVALID_ARGUMENT when the tensors do not fit the model
     */
    List<OutputTensor> infer(TensorRequest request, RowIds ids, Phases phases, Consumer<AnsweredRows> shadows);
}
