package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.load.MemoryPlan.Resident;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The laws of making room, over random residents, against all subsets. */
final class MemoryPlanTest {
    private static final long NOW = Long.parseLong("9223372036854775802"); // times of nanoTime wrap around

    @Test
    void parksThoseAskedForLongestAgo() {
        List<Resident> residents = List.of(
                new Resident("old", 10, NOW - 30, NOW - 1, false),
                new Resident("middle", 10, NOW - 20, NOW - 1, false),
                new Resident("new", 10, NOW - 10, NOW - 1, false));
        assertThat(MemoryPlan.of(5, 20, residents, NOW, true).leaving()).containsExactly("old", "middle");
        assertThat(MemoryPlan.of(5, 5, residents, NOW, true).leaving()).isEmpty();
    }

    @Test
    void parksNoneThatAGreaterOneMakesNeedless() {
        List<Resident> residents = List.of(
                new Resident("small", 3, NOW - 30, NOW, false), new Resident("great", 50, NOW - 20, NOW, false));
        assertThat(MemoryPlan.of(0, 40, residents, NOW, true).leaving()).containsExactly("great");
    }

    @Test
    void leavesThoseInUseAndThoseThatHardlyEarnedTheirLoad() {
        List<Resident> residents = List.of(
                new Resident("held", 10, NOW - 40, NOW - 1, true),
                new Resident("young", 10, NOW - 30, NOW + 400_000_000, false),
                new Resident("free", 10, NOW - 20, NOW - 1, false));
        assertThat(MemoryPlan.of(0, 10, residents, NOW, true).leaving()).containsExactly("free");
        MemoryPlan full = MemoryPlan.of(0, 20, residents, NOW, true);
        assertThat(full.isPossible()).isFalse();
        assertThat(full.waitNanos()).isEqualTo(400_000_000);
        assertThat(MemoryPlan.of(0, 20, residents, NOW, false).leaving()).containsExactly("young", "free");
        assertThat(MemoryPlan.of(0, 30, residents, NOW, false).isPossible()).isFalse();
    }

    @Test
    void findsRoomWheneverThereIsAnyAndTakesNoMoreThanNeeded() {
        SplittableRandom random = new SplittableRandom(7);
        int possible = 0;
        for (int round = 0; round < 20_000; round++) {
            List<Resident> residents = new ArrayList<>();
            for (int i = 0; i < random.nextInt(8); i++) {
                residents.add(new Resident(
                        "m" + i,
                        1 + random.nextInt(20),
                        NOW - random.nextInt(1000),
                        NOW + random.nextInt(-50, 20),
                        random.nextInt(4) == 0));
            }
            long free = random.nextInt(-10, 30);
            long needed = random.nextInt(60);
            boolean isPatient = random.nextBoolean();
            MemoryPlan plan = MemoryPlan.of(free, needed, residents, NOW, isPatient);
            List<Resident> candidates = residents.stream()
                    .filter(each -> !each.isHeld() && (!isPatient || each.keptUntilNanos() - NOW <= 0))
                    .toList();
            long most = free + candidates.stream().mapToLong(Resident::bytes).sum();
            assertThat(plan.isPossible()).isEqualTo(most >= needed);
            if (!plan.isPossible()) {
                assertThat(plan.leaving()).isEmpty();
                continue;
            }
            possible++;
            List<Resident> leaving = candidates.stream()
                    .filter(each -> plan.leaving().contains(each.model()))
                    .toList();
            assertThat(leaving).hasSameSizeAs(plan.leaving());
            long freed = free + leaving.stream().mapToLong(Resident::bytes).sum();
            assertThat(freed).isGreaterThanOrEqualTo(free >= needed ? free : needed);
            leaving.forEach(each -> assertThat(freed - each.bytes()).isLessThan(needed));
            requireNoneSparedBeforeTheLast(candidates, leaving, free, needed);
        }
        assertThat(possible).isGreaterThan(5_000);
    }

    /** One asked for longer ago than the newest that leaves stays only when its leaving would have been needless. */
    private static void requireNoneSparedBeforeTheLast(
            List<Resident> candidates, List<Resident> leaving, long free, long needed) {
        Comparator<Resident> byAge = Comparator.comparingLong((Resident each) -> each.lastNanos() - NOW)
                .thenComparing(Resident::model);
        List<Resident> sorted = candidates.stream().sorted(byAge).toList();
        leaving.stream().max(byAge).ifPresent(last -> {
            long before = free
                    + sorted.stream()
                            .takeWhile(each -> !each.equals(last))
                            .mapToLong(Resident::bytes)
                            .sum();
            assertThat(before).as("without the newest").isLessThan(needed);
            assertThat(Stream.concat(leaving.stream(), sorted.stream()).distinct())
                    .hasSameSizeAs(sorted);
        });
    }
}
