package io.foresell.training.job;

import java.util.List;

/**
 * What a run leaves behind.
 *
 * @param candidates in spec order; empty when a drift check found nothing to do
 * @param remark what was decided; empty when there is nothing to say
 */
public record TrainedJob(List<TrainedCandidate> candidates, String remark) {
    public TrainedJob {
        candidates = List.copyOf(candidates);
    }
}
