package io.foresell.training.run;

import java.util.OptionalDouble;

/**
 * What a run does at the moment.
 *
 * @param stage e.g. {@code fit logistic_regression (fold 2 of 5)}
 * @param fraction share of the whole run that is done, in [0, 1]; never falls
 * @param loss current training loss; empty when the stage has none
 * @param iteration current pass or tree; 0 when the stage has none
 * @param iterationCount passes or trees at most; 0 when the stage has none
 * @param secondsLeft estimate; empty while unknown
 */
public record Progress(
        String stage,
        double fraction,
        OptionalDouble loss,
        int iteration,
        int iterationCount,
        OptionalDouble secondsLeft) {}
