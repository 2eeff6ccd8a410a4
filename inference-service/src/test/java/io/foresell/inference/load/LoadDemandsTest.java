package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.Usage;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.grpc.Context;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for a parked model, and who is told not to. */
final class LoadDemandsTest {
    private final AtomicInteger most = new AtomicInteger(1000);
    private final AtomicInteger woken = new AtomicInteger();
    private final LoadDemands demands = new LoadDemands(most::get, new SimpleMeterRegistry());
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    LoadDemandsTest() {
        demands.whenOffered(woken::incrementAndGet);
    }

    @AfterEach
    void close() {
        demands.close();
        clock.shutdownNow();
    }

    private static ParkedRelease parked(String model, Duration loadTime) {
        return new ParkedRelease(
                model, 1, ReleaseTerms.of("salt"), List.of(), 1000, loadTime, new Usage(System.nanoTime()));
    }

    private CompletableFuture<Void> within(Duration deadline, ParkedRelease release) throws Exception {
        Context.CancellableContext context =
                Context.current().withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS, clock);
        try {
            return context.call(() -> demands.load(release));
        } catch (ServiceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Failure failureOf(CompletableFuture<Void> call) throws Exception {
        try {
            call.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause =
                    e.getCause() instanceof CompletionException ? e.getCause().getCause() : e.getCause();
            return ((ServiceException) cause).failure();
        }
        throw new AssertionError("answered");
    }

    @Test
    void loadsOnceHoweverManyWait() throws Exception {
        List<CompletableFuture<String>> threads = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            CompletableFuture<Void> call = demands.load(parked("churn", Duration.ofMillis(5)));
            threads.add(call.thenApply(nothing -> Thread.currentThread().getName()));
        }
        assertThat(demands.waitingCount()).isEqualTo(1000);
        assertThat(demands.next()).isEqualTo("churn");
        demands.loaded("churn");
        assertThat(demands.next()).isNull();
        for (CompletableFuture<String> thread : threads) {
            assertThat(thread.get(10, TimeUnit.SECONDS)).isEqualTo("parked-calls"); // not the lane's
        }
        assertThat(demands.waitingCount()).isZero();
    }

    @Test
    void tellsACallerAtOnceThatTheLoadComesTooLateAndGoesOn() throws Exception {
        ParkedRelease slow = parked("slow", Duration.ofSeconds(30));
        Failure failure = failureOf(within(Duration.ofSeconds(5), slow));
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("MODEL_PARKED");
        assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(31));
        assertThat(demands.next()).isEqualTo("slow");
        assertThat(woken).hasPositiveValue();
        assertThat(demands.waitingCount()).isZero();
        // What was asked for before counts, too.
        Failure behind = failureOf(within(Duration.ofSeconds(20), parked("quick", Duration.ofMillis(10))));
        assertThat(behind.reason()).isEqualTo("MODEL_PARKED");
        CompletableFuture<Void> patient = within(Duration.ofSeconds(50), parked("quick", Duration.ofMillis(10)));
        demands.loaded("slow");
        assertThat(demands.next()).isEqualTo("quick");
        demands.loaded("quick");
        patient.get(10, TimeUnit.SECONDS);
    }

    @Test
    void boundsWhoWaits() throws Exception {
        most.set(2);
        ParkedRelease release = parked("churn", Duration.ofMillis(5));
        CompletableFuture<Void> first = demands.load(release);
        CompletableFuture<Void> second = demands.load(release);
        Failure failure = failureOf(within(Duration.ofSeconds(5), release));
        assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).isEqualTo("TOO_MANY_CALLS_WAIT_FOR_MODELS");
        assertThat(failure.retryAfter()).isNotNull();
        demands.loaded("churn");
        first.get(10, TimeUnit.SECONDS);
        second.get(10, TimeUnit.SECONDS);
        CompletableFuture<Void> third = within(Duration.ofSeconds(5), release);
        assertThat(third).isNotDone();
        assertThat(demands.waitingCount()).isEqualTo(1);
    }

    @Test
    void refusesThoseWhoCannotWaitForRoomAndKeepsTheOthers() throws Exception {
        ParkedRelease release = parked("churn", Duration.ofMillis(5));
        CompletableFuture<Void> hasty = within(Duration.ofSeconds(2), release);
        CompletableFuture<Void> patient = within(Duration.ofSeconds(40), release);
        demands.postpone("churn", TimeUnit.SECONDS.toNanos(10));
        Failure failure = failureOf(hasty);
        assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).isEqualTo("MODEL_MEMORY_FULL");
        assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
        assertThat(demands.next()).isNull(); // not due yet
        assertThat(demands.untilNext()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
        assertThat(failureOf(within(Duration.ofSeconds(2), release)).reason()).isEqualTo("MODEL_MEMORY_FULL");
        assertThat(patient).isNotDone();
        assertThat(demands.waitingCount()).isEqualTo(1);
        demands.loaded("churn");
        patient.get(10, TimeUnit.SECONDS);
    }

    @Test
    void endsAWaitWithItsDeadline() throws Exception {
        Failure failure = failureOf(within(Duration.ofMillis(200), parked("churn", Duration.ofMillis(5))));
        assertThat(failure.reason()).isEqualTo("MODEL_PARKED");
        assertThat(demands.waitingCount()).isZero();
        assertThat(demands.next()).isEqualTo("churn");
    }

    @Test
    void aCallerWhoLeavesHoldsNoPlace() throws Exception {
        most.set(1);
        ParkedRelease release = parked("churn", Duration.ofMillis(5));
        Context.CancellableContext leaving = Context.current().withCancellation();
        CompletableFuture<Void> left = leaving.call(() -> demands.load(release));
        assertThat(failureOf(within(Duration.ofSeconds(5), release)).reason())
                .isEqualTo("TOO_MANY_CALLS_WAIT_FOR_MODELS");
        leaving.cancel(null);
        assertThat(failureOf(left).reason()).isEqualTo("MODEL_PARKED");
        assertThat(demands.waitingCount()).isZero();
        assertThat(within(Duration.ofSeconds(5), release)).isNotDone();
        assertThat(demands.next()).as("the load goes on").isEqualTo("churn");
    }

    @Test
    void aStreamRemembersNoCallThatIsOver() throws Exception {
        ParkedRelease release = parked("churn", Duration.ofMillis(5));
        try (Context.CancellableContext stream = Context.current().withCancellation()) {
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Void> call = stream.call(() -> demands.load(release));
                demands.loaded("churn");
                call.get(10, TimeUnit.SECONDS);
            }
            CompletableFuture<Void> last = stream.call(() -> demands.load(release));
            stream.cancel(null);
            assertThat(failureOf(last).reason()).isEqualTo("MODEL_PARKED");
        }
    }

    @Test
    void refusesAModelForAWhileThatCouldNotBeLoaded() throws Exception {
        ParkedRelease release = parked("churn", Duration.ofMillis(5));
        CompletableFuture<Void> call = demands.load(release);
        Failure failure = Failure.unavailable("MODEL_LOAD_FAILED", "churn: broken", Duration.ofSeconds(30));
        demands.failed("churn", failure, Duration.ofSeconds(30));
        assertThat(failureOf(call).reason()).isEqualTo("MODEL_LOAD_FAILED");
        assertThat(failureOf(within(Duration.ofSeconds(5), release)).reason()).isEqualTo("MODEL_LOAD_FAILED");
        assertThat(demands.next()).as("not tried again yet").isNull();
        demands.forgive("churn");
        CompletableFuture<Void> again = within(Duration.ofSeconds(5), release);
        assertThat(again).isNotDone();
        assertThat(demands.next()).isEqualTo("churn");
    }

    @Test
    void endsAllWhenItCloses() throws Exception {
        CompletableFuture<Void> call = demands.load(parked("churn", Duration.ofMillis(5)));
        demands.close();
        assertThat(failureOf(call).reason()).isEqualTo("DRAINING");
        assertThat(failureOf(within(Duration.ofSeconds(5), parked("churn", Duration.ofMillis(5))))
                        .reason())
                .isEqualTo("DRAINING");
    }
}
