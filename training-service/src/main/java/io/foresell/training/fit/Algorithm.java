package io.foresell.training.fit;

import io.foresell.model.InputField;
import io.foresell.model.Task;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A way to fit a model, with its parameters; every implementation is a record that checks its ranges. */
public interface Algorithm {
    /** Returns the name in specs, packages and on the wire, e.g. {@code logistic_regression}. */
    String key();

    /** Returns the questions it can answer. */
    Set<Task> tasks();

    /** Returns the parameters by name, for provenance. */
    Map<String, String> asText();

    /** Returns the fitter with these parameters, which uses at most {@code threadCount} threads. */
    Fitter fitter(int threadCount);

    /** Estimates the time of a fit relative to a logistic regression; only the evenness of progress bars depends on it. */
    double work();

    /** Returns whether a person can follow its answers by hand: weights or counts in a table, or one tree. */
    default boolean isSimple() {
        return false;
    }

    /**
     * Refuses features that it cannot read, before anything is fitted.
     *
     * @param features those with a value in at least one row
     * @throws io.foresell.kit.ServiceException FAILED_PRECONDITION naming what is missing
     */
    default void requireReadable(List<InputField> features) {}

    /**
     * Returns whether it takes a text that no preparation names apart into words by itself, so that any number of different texts is
     * fine.
     *
     * @param texts the different texts of the feature
     */
    default boolean readsWords(String feature, List<String> texts) {
        return false;
    }
}
