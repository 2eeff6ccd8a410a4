package io.foresell.training.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final List<Dimension> SPACE = List.of(
            new Dimension.Range("rate", 0.001, 1, true, false),
            new Dimension.Range("depth", 1, 8, false, true),
            new Dimension.Choice("kind", List.of("a", "b", "c")));

    @Test
    void dimensionsCoverTheirRange() {
        Dimension rate = SPACE.get(0);
        Dimension depth = SPACE.get(1);

        assertThat(rate.at(0)).isEqualTo(0.001);
        assertThat((double) rate.at(0.5)).isCloseTo(Math.sqrt(0.001), org.assertj.core.api.Assertions.within(1e-12));
        Set<Object> depths = new HashSet<>();
        for (int i = 0; i < 80; i++) {
            depths.add(depth.at(i / 80.0));
        }
        assertThat(depths).containsExactlyInAnyOrder(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0);
        assertThat(SPACE.get(2).at(0.999)).isEqualTo("c");
    }

    @Test
    void refusesRangesThatAreNone() {
        assertThatThrownBy(() -> new Dimension.Range("rate", 0, 1, true, false)).hasMessageContaining("rising");
        assertThatThrownBy(() -> new Dimension.Range("rate", 2, 1, false, false))
                .hasMessageContaining("2.0..1.0");
        assertThatThrownBy(() -> new Dimension.Choice("kind", List.of())).hasMessageContaining("no values");
    }

    @Test
    void gridTriesEveryCombinationOnce() {
        GridSampler grid = new GridSampler(SPACE);
        Set<List<Object>> tried = new HashSet<>();
        int count = 0;
        for (Optional<double[]> at = grid.next(List.of()); at.isPresent(); at = grid.next(List.of())) {
            double[] coordinates = at.get();
            tried.add(List.of(
                    SPACE.get(0).at(coordinates[0]),
                    SPACE.get(1).at(coordinates[1]),
                    SPACE.get(2).at(coordinates[2])));
            count++;
        }

        assertThat(count).isEqualTo(4 * 8 * 3);
        assertThat(tried).hasSize(count);
    }

    /** The law of the estimator: with the same number of trials it comes closer to a smooth optimum than chance. */
    @Test
    void tpeComesCloserThanChance() {
        double tpe = 0;
        double chance = 0;
        for (int seed = 0; seed < 30; seed++) {
            tpe += best(new TpeSampler(SPACE, Comparator.comparingDouble(Trial::metric), seed));
            chance += best(new RandomSampler(SPACE.size(), seed));
        }

        assertThat(tpe).isLessThan(0.6 * chance);
    }

    /** Least value of a bowl with its bottom at rate 0.05, depth 6, kind b, after 60 trials. */
    private static double best(Sampler sampler) {
        List<Trial> done = new ArrayList<>();
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 60; i++) {
            double[] at = sampler.next(done).orElseThrow();
            double rate = Math.log10((double) SPACE.get(0).at(at[0]) / 0.05);
            double depth = ((double) SPACE.get(1).at(at[1]) - 6) / 4;
            double value = rate * rate + depth * depth + (SPACE.get(2).at(at[2]).equals("b") ? 0 : 0.5);
            done.add(new Trial(Arrays.stream(at).boxed().toList(), Map.of(), value, List.of(value), 0, ""));
            best = Math.min(best, value);
        }
        return best;
    }
}
