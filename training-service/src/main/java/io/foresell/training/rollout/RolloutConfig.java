package io.foresell.training.rollout;

import io.foresell.kit.Settings;
import java.time.Duration;

/**
 * The operator's choices for rollouts.
 *
 * @param inferenceTargets {@code host:port} of inference, several separated by commas; a name stands for all its addresses
 * @param interval how often rollouts under way are looked at
 */
public record RolloutConfig(String inferenceTargets, Duration interval) {
    public static RolloutConfig read(Settings settings) {
        return new RolloutConfig(
                settings.text(
                        "rollout.inference-targets",
                        "localhost:9003",
                        "host:port of inference, all addresses of a name are asked"),
                settings.duration(
                        "rollout.interval",
                        Duration.ofSeconds(2),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10),
                        "how often rollouts are looked at"));
    }
}
