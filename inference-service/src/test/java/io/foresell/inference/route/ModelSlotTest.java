package io.foresell.inference.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.inference.fixture.TestPackages;
import io.foresell.model.pack.LoadedPackage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The assignment of subjects to versions. */
final class ModelSlotTest {
    private static final LoadedPackage LOADED =
            LoadedPackage.load(TestPackages.logistic("churn", 0), "", LoadedPackage.COMPILED);
    private static final int SUBJECTS = 20_000;

    private static ModelSlot slot(String salt, int... weights) {
        List<WeightedVersion> routes = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            ServedVersion served = new ServedVersion(
                    i + 1,
                    LOADED.modelPackage(),
                    LOADED.scorer(),
                    "",
                    Duration.ZERO,
                    new RowCost(1, 1),
                    new VersionMeters(new SimpleMeterRegistry(), "churn", i + 1));
            routes.add(new WeightedVersion(served, weights[i], 0));
        }
        return new ModelSlot("churn", 1, salt, routes);
    }

    private static int[] versions(ModelSlot slot) {
        int[] versions = new int[SUBJECTS];
        for (int subject = 0; subject < SUBJECTS; subject++) {
            versions[subject] = slot.versionFor("customer-" + subject).version();
        }
        return versions;
    }

    private static long share(int[] versions, int version) {
        return Arrays.stream(versions).filter(each -> each == version).count();
    }

    @Test
    void followsTheWeights() {
        int[] versions = versions(slot("salt", 70, 25, 5));
        // Four standard deviations of a binomial count.
        assertThat(share(versions, 1)).isBetween(13_740L, 14_260L);
        assertThat(share(versions, 2)).isBetween(4_755L, 5_245L);
        assertThat(share(versions, 3)).isBetween(877L, 1_123L);
    }

    @Test
    void movesNobodyAwayFromAVersionWhoseWeightRoseTheMost() {
        int[] before = versions(slot("salt", 60, 30, 10));
        int[] after = versions(slot("salt", 45, 30, 25));
        for (int subject = 0; subject < SUBJECTS; subject++) {
            // weight(3) rose against both, weight(2) against version 1 only.
            if (before[subject] == 3) {
                assertThat(after[subject]).isEqualTo(3);
            }
            if (before[subject] == 2) {
                assertThat(after[subject]).isNotEqualTo(1);
            }
        }
    }

    @Test
    void neverUsesAVersionWithoutWeightButFindsItByNumber() {
        ModelSlot slot = slot("salt", 100, 0);
        assertThat(share(versions(slot), 2)).isZero();
        assertThat(slot.version(2)).isNotNull();
        assertThat(slot.version(3)).isNull();
    }

    @Test
    void shufflesWithAnotherSalt() {
        int[] one = versions(slot("one", 50, 50));
        int[] other = versions(slot("other", 50, 50));
        long equal = 0;
        for (int subject = 0; subject < SUBJECTS; subject++) {
            equal += one[subject] == other[subject] ? 1 : 0;
        }
        assertThat(equal).isBetween(9_700L, 10_300L);
    }

    @Test
    void isFixedForeverByNameSaltAndWeight() {
        // Changing the hash would reassign every customer of every running experiment.
        ModelSlot slot = slot("salt", 50, 50);
        StringBuilder versions = new StringBuilder();
        for (int subject = 0; subject < 24; subject++) {
            versions.append(slot.versionFor("customer-" + subject).version());
        }
        assertThat(versions).hasToString("111112112122121211222111");
    }

    @Test
    void refusesWeightsThatDoNotSumToAHundred() {
        assertThatThrownBy(() -> slot("salt", 50, 40)).hasMessageContaining("90 in sum (expected: 100)");
    }
}
