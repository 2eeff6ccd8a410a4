package io.foresell.training.search;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.fit.Algorithm;
import java.util.List;
import java.util.Map;

/**
 * How the parameters of a candidate are searched.
 *
 * @param trialCount most configurations besides the default one, 1 to 1000
 * @param seconds most time of one search, above 0; trials that have begun are ended
 * @param innerFolds folds of the training fold that judge a trial, 2 to 10
 */
public record SearchPlan(
        Method method,
        int trialCount,
        double seconds,
        int innerFolds,
        List<Dimension> dimensions,
        Configuration configuration) {
    /** How configurations are proposed. */
    public enum Method {
        /** Every combination. */
        GRID,
        /** Anywhere. */
        RANDOM,
        /** Anywhere, first on few rows; the better third goes on with three times as many. */
        HALVING,
        /** Where good ones were: tree-structured Parzen estimator. */
        TPE
    }

    /** Makes an algorithm of values. */
    @FunctionalInterface
    public interface Configuration {
        /**
         * Returns the candidate's algorithm with some parameters replaced.
         *
         * @param values Doubles and Strings by name
         * @throws ServiceException when a value is out of range
         */
        Algorithm with(Map<String, Object> values);
    }

    public SearchPlan {
        dimensions = List.copyOf(dimensions);
        require("trials", trialCount, 1, 1000);
        require("inner_folds", innerFolds, 2, 10);
        require("seconds", seconds, 0.001, 1e6);
        if (dimensions.isEmpty()) {
            throw new ServiceException(
                    Failure.invalid("SEARCH_EMPTY", "tuning.parameters", "nothing", "1 parameter or more"));
        }
    }

    private static void require(String name, double value, double least, double greatest) {
        if (!(value >= least && value <= greatest)) {
            throw new ServiceException(
                    Failure.invalid("PARAMETER_OUT_OF_RANGE", "tuning." + name, value, least + ".." + greatest));
        }
    }
}
