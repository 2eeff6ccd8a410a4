package io.foresell.inference.serve.tensor;

import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.Rung;
import io.foresell.inference.ladder.RungTimes;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.SlotLadder;
import io.foresell.inference.serve.Calls;
import io.foresell.inference.serve.HeavyLane;
import io.foresell.inference.serve.StepDowns;
import io.foresell.inference.serve.tensor.PackageQuestion.Want;
import io.foresell.kit.ServiceException;
import org.jspecify.annotations.Nullable;

/**
 * How requests of a release with a ladder step down: to the fallback, if it has the outputs that are wanted of the version chosen, else to a
 * refusal. A score given again is no rung here: an answer is the tensors that its request asked for, not those of another one. Thread-safe.
 */
final class TensorLadder {
    private final HeavyLane heavyLane;
    private final StepDowns steps;

    TensorLadder(HeavyLane heavyLane, StepDowns steps) {
        this.heavyLane = heavyLane;
        this.steps = steps;
    }

    /** Returns the version that answers in the time left when the request comes. Throws like {@link #highestNow}. */
    TensorModel highest(TensorModel model, TensorRequest tensors) {
        return highest(model, tensors, heavyLane.waitNanos());
    }

    /**
     * Returns the version that answers in the time left when the request has its thread.
     *
     * @throws ServiceException DEADLINE_EXCEEDED when none does, INVALID_ARGUMENT for outputs that the version chosen does not have
     */
    TensorModel highestNow(TensorModel model, TensorRequest tensors) {
        return highest(model, tensors, 0);
    }

    private TensorModel highest(TensorModel model, TensorRequest tensors, long waitNanos) {
        if (!(model instanceof PackageModel chosen) || chosen.ladder() == null) {
            return model;
        }
        long left = Calls.leftNanos();
        long chosenNanos = nanos(chosen, tensors, waitNanos);
        if (chosenNanos <= left) {
            return chosen; // the ordinary case
        }
        PackageModel fallback = fallback(chosen, tensors, Cause.DEADLINE);
        long fallbackNanos = fallback == null ? RungTimes.UNAVAILABLE : nanos(fallback, tensors, waitNanos);
        Rung rung = new RungTimes(chosenNanos, fallbackNanos, RungTimes.UNAVAILABLE).highest(left);
        if (rung == Rung.FALLBACK && fallback != null) {
            return fallback;
        }
        steps.count(chosen.name(), Rung.REFUSAL, Cause.DEADLINE, tensors.rowCount());
        throw StepDowns.tooShort(chosenNanos);
    }

    private static long nanos(PackageModel model, TensorRequest tensors, long waitNanos) {
        double nanos = model.nanos(tensors);
        return (long) nanos + (HeavyLane.isHeavy(tensors.rowCount(), nanos) ? waitNanos : 0);
    }

    /** Returns what answers at once, on this thread, in place of a version that cannot; null when nothing does. */
    @Nullable
    PackageModel below(TensorModel model, TensorRequest tensors, Cause cause) {
        if (!(model instanceof PackageModel chosen) || chosen.ladder() == null) {
            return null;
        }
        PackageModel fallback = fallback(chosen, tensors, cause);
        boolean isInTime = fallback != null && fallback.nanos(tensors) <= Calls.leftNanos();
        boolean isTooLarge = fallback != null
                && cause == Cause.QUEUE_FULL
                && HeavyLane.isHeavy(tensors.rowCount(), fallback.nanos(tensors));
        if (fallback != null && isInTime && !isTooLarge) {
            return fallback;
        }
        steps.count(chosen.name(), Rung.REFUSAL, cause, tensors.rowCount());
        return null;
    }

    private static @Nullable PackageModel fallback(PackageModel chosen, TensorRequest tensors, Cause cause) {
        SlotLadder ladder = chosen.ladder();
        ServedVersion fallback = ladder == null ? null : ladder.fallback();
        return fallback == null || fallback == chosen.served() || !answersThat(fallback, chosen, tensors)
                ? null
                : chosen.replacedBy(fallback, cause);
    }

    /** Labels have places in the metadata of the version chosen, by which clients read what there is one of for each. */
    private static boolean answersThat(ServedVersion fallback, PackageModel chosen, TensorRequest tensors) {
        for (Want want : PackageQuestion.of(tensors, chosen.served()).wants()) {
            if (!want.output().isOf(fallback)) {
                return false;
            }
        }
        return fallback.modelPackage()
                .answer()
                .labels()
                .equals(chosen.served().modelPackage().answer().labels());
    }

    /** Counts what a lower rung answered. */
    void answered(PackageModel model, int rowCount) {
        if (model.cause() != null) {
            steps.count(model.name(), Rung.FALLBACK, model.cause(), rowCount);
        }
    }

    /** Notes an error that the caller may never see. */
    void failed(PackageModel model, RuntimeException error) {
        steps.logSeldom(model.name(), model.served().version(), error);
    }

    /** Counts rows that no rung answers when the version that stood in for another one fails. */
    void failed(TensorModel model, RuntimeException error, int rowCount) {
        if (model instanceof PackageModel fallback && fallback.cause() != null) {
            failed(fallback, error);
            refused(fallback, fallback.cause(), rowCount);
        }
    }

    /** Counts rows that the fallback, too, failed on. */
    void refused(PackageModel model, Cause cause, int rowCount) {
        steps.count(model.name(), Rung.REFUSAL, cause, rowCount);
    }
}
