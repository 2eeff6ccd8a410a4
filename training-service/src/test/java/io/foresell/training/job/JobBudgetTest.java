package io.foresell.training.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JobBudgetTest {
    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");
    private static final JobBudget FOUR_CORES = new JobBudget(new JobNeeds(4, 8000), new JobNeeds(2, 3000));

    private static WaitingJob job(String id, int priority, int waitedSeconds) {
        return new WaitingJob(id, "model-" + id, NOW.minusSeconds(waitedSeconds), priority, 0, 0);
    }

    private static WaitingJob job(String id, int waitedSeconds, int threads, int memoryMib) {
        return new WaitingJob(id, "model-" + id, NOW.minusSeconds(waitedSeconds), 0, threads, memoryMib);
    }

    private static List<String> started(JobBudget budget, WaitingJob... jobs) {
        List<WaitingJob> waiting = new ArrayList<>(List.of(jobs));
        List<JobBudget.AtWork> atWork = new ArrayList<>();
        List<String> started = new ArrayList<>();
        for (Optional<WaitingJob> next = budget.next(waiting, atWork, NOW);
                next.isPresent();
                next = budget.next(waiting, atWork, NOW)) {
            waiting.remove(next.get());
            atWork.add(new JobBudget.AtWork(next.get().model(), budget.needs(next.get())));
            started.add(next.get().id());
        }
        return started;
    }

    @Test
    void startsAsManyAsFit() {
        assertThat(started(FOUR_CORES, job("a", 0, 3), job("b", 0, 2), job("c", 0, 1)))
                .containsExactly("a", "b");
        assertThat(started(FOUR_CORES, job("a", 3, 1, 1000), job("b", 2, 1, 1000), job("c", 1, 1, 7000)))
                .as("c fits the cores, not the memory")
                .containsExactly("a", "b");
    }

    @Test
    void greaterPriorityFirstThenWhoCameFirst() {
        assertThat(started(FOUR_CORES, job("old", 0, 60), job("urgent", 5, 1), job("low", -5, 90)))
                .containsExactly("urgent", "old");
        assertThat(started(FOUR_CORES, job("b", 0, 5), job("a", 0, 9))).containsExactly("a", "b");
    }

    @Test
    void modelsTakeTurns() {
        List<WaitingJob> waiting = List.of(
                new WaitingJob("1", "busy", NOW.minusSeconds(9), 0, 0, 0),
                new WaitingJob("2", "idle", NOW.minusSeconds(1), 0, 0, 0));
        List<JobBudget.AtWork> atWork = List.of(new JobBudget.AtWork("busy", new JobNeeds(2, 3000)));
        assertThat(FOUR_CORES.next(waiting, atWork, NOW)).map(WaitingJob::id).contains("2");
    }

    @Test
    void whoHasWaitedLongGoesFirstAndRoomIsKeptForIt() {
        int long_ = (int) JobBudget.PATIENCE.plus(Duration.ofSeconds(1)).toSeconds();
        List<JobBudget.AtWork> atWork = List.of(new JobBudget.AtWork("other", new JobNeeds(1, 1000)));
        WaitingJob large = job("large", long_, 4, 4000);
        WaitingJob small = new WaitingJob("small", "model", NOW, 100, 1, 500);
        assertThat(FOUR_CORES.next(List.of(large, small), atWork, NOW)).isEmpty();
        assertThat(FOUR_CORES.next(List.of(large, small), List.of(), NOW))
                .map(WaitingJob::id)
                .contains("large");
        WaitingJob recent = job("large", 5, 4, 4000);
        assertThat(FOUR_CORES.next(List.of(recent, small), atWork, NOW))
                .map(WaitingJob::id)
                .contains("small");
    }

    @Test
    void aJobThatWantsMoreThanThereIsGetsAllThereIs() {
        assertThat(FOUR_CORES.needs(job("a", 0, 64, 100_000))).isEqualTo(new JobNeeds(4, 8000));
    }
}
