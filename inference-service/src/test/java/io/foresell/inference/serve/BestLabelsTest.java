package io.foresell.inference.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BestLabelsTest {
    private static List<Integer> best(BestLabels labels, float[] scores, int from, int width) {
        labels.rank(scores, from, width);
        return IntStream.range(0, labels.count()).mapToObj(labels::place).toList();
    }

    @Test
    void ranksLikeASortWithTiesInOrder() {
        Random random = new Random(7);
        for (int limit : new int[] {1, 2, 5, 40, 60}) {
            BestLabels labels = new BestLabels(limit);
            for (int round = 0; round < 50; round++) {
                float[] scores = new float[43];
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = random.nextInt(12);
                }
                List<Integer> expected =
                        new ArrayList<>(IntStream.range(0, 40).boxed().toList());
                expected.sort(Comparator.comparing((Integer place) -> -scores[3 + place]));
                assertThat(best(labels, scores, 3, 40)).isEqualTo(expected.subList(0, Math.min(limit, 40)));
            }
        }
    }

    @Test
    void whatIsNoNumberComesLast() {
        float[] scores = {Float.NaN, -1, Float.NaN, Float.NEGATIVE_INFINITY, 2};
        assertThat(best(new BestLabels(5), scores, 0, 5)).containsExactly(4, 1, 3, 0, 2);
        assertThat(best(new BestLabels(2), scores, 0, 5)).containsExactly(4, 1);
    }
}
