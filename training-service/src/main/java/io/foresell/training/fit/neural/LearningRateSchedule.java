package io.foresell.training.fit.neural;

import io.foresell.training.fit.Ranges;
import java.util.Locale;

/**
 * How the learning rate changes from epoch to epoch.
 *
 * @param factor what it is multiplied by, in (0, 1]; not read by CONSTANT and COSINE
 * @param everyEpochs of STEP, epochs between two changes; of PLATEAU, epochs without a lower loss before one; 1 or more
 */
public record LearningRateSchedule(Kind kind, double factor, int everyEpochs) {
    /** The rate stays. */
    public static final LearningRateSchedule CONSTANT = new LearningRateSchedule(Kind.CONSTANT, 1, 1);

    /** Falls along half a cosine to a hundredth at the last epoch (Loshchilov and Hutter 2017, without restarts). */
    public static final LearningRateSchedule COSINE = new LearningRateSchedule(Kind.COSINE, 1, 1);

    private static final double LAST_SHARE = 0.01;

    /** Names a schedule. */
    public enum Kind {
        /** The rate stays. */
        CONSTANT,
        /** Multiplied every so many epochs. */
        STEP,
        /** Multiplied every epoch. */
        EXPONENTIAL,
        /** Falls along half a cosine to a hundredth. */
        COSINE,
        /** Multiplied when the loss on the rows held back has not fallen for so many epochs. */
        PLATEAU
    }

    public LearningRateSchedule {
        Ranges.require("factor", factor, 1e-3, 1);
        Ranges.require("every_epochs", everyEpochs, 1, 1000);
    }

    /**
     * Returns what the first learning rate is multiplied by.
     *
     * @param epoch from 0
     * @param drops how often a plateau was met before
     */
    double share(int epoch, int epochCount, int drops) {
        return switch (kind) {
            case CONSTANT -> 1;
            case STEP -> Math.pow(factor, Math.floorDiv(epoch, everyEpochs));
            case EXPONENTIAL -> Math.pow(factor, epoch);
            case COSINE -> LAST_SHARE + (1 - LAST_SHARE) * (1 + Math.cos(Math.PI * epoch / epochCount)) / 2;
            case PLATEAU -> Math.pow(factor, drops);
        };
    }

    String asText() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return switch (kind) {
            case CONSTANT, COSINE -> name;
            case EXPONENTIAL -> "%s{factor: %s}".formatted(name, factor);
            case STEP, PLATEAU -> "%s{factor: %s, every_epochs: %d}".formatted(name, factor, everyEpochs);
        };
    }
}
