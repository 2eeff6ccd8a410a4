package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Finds what a map would, in whatever order nodes stand. */
final class NodeIndexTest {
    private static final int[] EXTREMES = {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE};

    @Test
    void findsWhatAMapWould() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int count = 1 + random.nextInt(200);
            boolean isInOrder = random.nextBoolean();
            int[] trees = new int[count];
            int[] ids = new int[count];
            Map<List<Integer>, Integer> expected = new HashMap<>();
            int firstTwice = -1;
            for (int i = 0; i < count; i++) {
                trees[i] = isInOrder ? i / 15 : number(random);
                ids[i] = isInOrder ? i % 15 : number(random);
                Integer before = expected.put(List.of(trees[i], ids[i]), i);
                firstTwice = before == null || firstTwice >= 0 ? firstTwice : i;
            }
            NodeIndex index = new NodeIndex(trees, ids);
            assertThat(index.givenTwice() >= 0).as("seed %d", seed).isEqualTo(firstTwice >= 0);
            if (firstTwice >= 0) {
                int twice = index.givenTwice();
                assertThat(expected).containsKey(List.of(trees[twice], ids[twice]));
                continue;
            }
            for (int i = 0; i < 400; i++) {
                boolean isKnown = random.nextBoolean();
                int known = random.nextInt(count);
                int tree = isKnown ? trees[known] : number(random);
                int id = isKnown ? ids[known] : number(random);
                assertThat(index.find(tree, id))
                        .as("seed %d: tree %d, node %d", seed, tree, id)
                        .isEqualTo(expected.getOrDefault(List.of(tree, id), -1));
            }
        }
    }

    private static int number(Random random) {
        return random.nextInt(4) == 0
                ? EXTREMES[random.nextInt(EXTREMES.length)]
                : random.nextBoolean() ? random.nextInt(50) : random.nextInt();
    }
}
