package io.foresell.training.registry.foreign;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.PackageException;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.util.function.Supplier;

/** Turns what the model module refuses into failures of the caller. */
final class Refusals {
    private Refusals() {}

    /**
     * Returns what the work returns.
     *
     * @throws ServiceException INVALID_ARGUMENT with the reason that the model module gives
     */
    static <T> T of(Supplier<T> work) {
        try {
            return work.get();
        } catch (PackageException e) {
            throw new ServiceException(Failure.invalid(e.reason().name(), String.valueOf(e.getMessage())), e);
        } catch (UnsupportedOperatorException e) {
            throw new ServiceException(Failure.invalid("OPERATOR_UNSUPPORTED", "model.onnx: " + e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new ServiceException(Failure.invalid("SIGNATURE_INVALID", "signature: " + e.getMessage()), e);
        }
    }
}
