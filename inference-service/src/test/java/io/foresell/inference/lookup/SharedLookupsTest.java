package io.foresell.inference.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Signature;
import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers of a busy feature store, against a store that answers when it is told to. */
final class SharedLookupsTest {
    private static final FeatureSetRef SET = new FeatureSetRef("customers", "hash");
    private static final Signature COLUMNS = Signature.of(List.of(InputField.text("name")));

    private record Call(
            FeatureSetRef set, Set<String> keys, Context context, CompletableFuture<Map<String, FeatureRow>> answer) {
        /** Answers every key but "ghost". */
        void succeed() {
            Map<String, FeatureRow> rows = new LinkedHashMap<>();
            for (String key : keys) {
                if (!key.equals("ghost")) {
                    rows.put(key, new FeatureRow(COLUMNS, new float[0], new String[] {key}, 0, List.of()));
                }
            }
            answer.complete(rows);
        }

        void fail(Failure failure) {
            answer.completeExceptionally(new ServiceException(failure));
        }
    }

    private final List<Call> calls = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final SharedLookups lookups = new SharedLookups(
            (set, keys, timeout) -> {
                Call call = new Call(set, keys, Context.current(), new CompletableFuture<>());
                calls.add(call);
                return call.answer();
            },
            Duration.ofMinutes(1));

    @AfterEach
    void stopClock() {
        clock.shutdownNow();
    }

    private CompletableFuture<Map<String, FeatureRow>> ask(String... keys) {
        return lookups.rows(SET, Set.of(keys));
    }

    /** Takes all calls that leave at once. */
    private void keepBusy() {
        for (int i = 0; i < SharedLookups.MAX_CALLS; i++) {
            var unused = ask("busy" + i);
        }
    }

    @Test
    void theFirstCallersLeaveAtOnceAndLaterOnesTogether() {
        keepBusy();
        List<CompletableFuture<Map<String, FeatureRow>>> later = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            later.add(ask("c" + i, "shared"));
        }
        assertThat(calls).hasSize(SharedLookups.MAX_CALLS);
        calls.get(0).succeed();
        assertThat(calls).hasSize(SharedLookups.MAX_CALLS + 1);
        Call together = calls.get(SharedLookups.MAX_CALLS);
        assertThat(together.keys()).hasSize(11).contains("c0", "c9", "shared");
        assertThat(later).noneMatch(CompletableFuture::isDone);
        together.succeed();
        for (int i = 0; i < 10; i++) {
            Map<String, FeatureRow> rows = later.get(i).join();
            assertThat(rows).containsOnlyKeys("c" + i, "shared");
            assertThat(rows.get("c" + i).texts()).containsExactly("c" + i);
        }
    }

    @Test
    void everyPlaceIsGivenBack() {
        for (int round = 0; round < 3; round++) {
            keepBusy();
            CompletableFuture<?> waiting = ask("late");
            int before = calls.size();
            assertThat(waiting).isNotDone();
            for (int i = 0; i < calls.size(); i++) { // grows meanwhile
                calls.get(i).succeed();
            }
            assertThat(calls).hasSize(before + 1);
            assertThat(waiting).isCompleted();
            calls.clear();
        }
    }

    @Test
    void aCallerWithManyKeysAndAnotherFeatureSetWaitForNobody() {
        keepBusy();
        String[] many = new String[SharedLookups.MAX_SHARED_KEYS + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = "m" + i;
        }
        var unusedMany = ask(many);
        var unusedOther = lookups.rows(new FeatureSetRef("customers", "newer"), Set.of("c1"));
        assertThat(calls).hasSize(SharedLookups.MAX_CALLS + 2);
    }

    @Test
    void noCallHasMoreKeysThanItMay() {
        keepBusy();
        for (int i = 0; i < SharedLookups.MAX_KEYS + 5; i++) {
            var unused = ask("c" + i);
        }
        calls.get(0).succeed();
        calls.get(1).succeed();
        assertThat(calls.get(SharedLookups.MAX_CALLS).keys()).hasSize(SharedLookups.MAX_KEYS);
        assertThat(calls.get(SharedLookups.MAX_CALLS + 1).keys()).hasSize(5);
    }

    @Test
    void anUnknownEntityIsMissingFromItsOwnAnswerOnly() {
        keepBusy();
        CompletableFuture<Map<String, FeatureRow>> known = ask("c1");
        CompletableFuture<Map<String, FeatureRow>> unknown = ask("ghost");
        calls.get(0).succeed();
        calls.get(SharedLookups.MAX_CALLS).succeed();
        assertThat(known.join()).containsOnlyKeys("c1");
        assertThat(unknown.join()).isEmpty();
    }

    @Test
    void whatIsWrongWithTheStoreIsToldToAll() {
        keepBusy();
        CompletableFuture<?> first = ask("c1");
        CompletableFuture<?> second = ask("c2");
        calls.get(0).fail(Failure.unavailable("AWAY", "store: away (expected: an answer)", Duration.ofSeconds(1)));
        calls.get(SharedLookups.MAX_CALLS)
                .fail(Failure.unavailable("AWAY", "store: away (expected: an answer)", Duration.ofSeconds(1)));
        assertThat(calls).hasSize(SharedLookups.MAX_CALLS + 1);
        assertThatThrownBy(first::join).hasCauseInstanceOf(ServiceException.class);
        assertThatThrownBy(second::join).hasCauseInstanceOf(ServiceException.class);
    }

    @Test
    void aKeyThatIsRefusedCostsOthersNothing() {
        keepBusy();
        CompletableFuture<Map<String, FeatureRow>> good = ask("c1");
        CompletableFuture<Map<String, FeatureRow>> bad = ask("too long");
        calls.get(0).succeed();
        Failure refusal = Failure.invalid("KEY_INVALID", "entity_keys", "too long", "a shorter one");
        calls.get(SharedLookups.MAX_CALLS).fail(refusal);
        assertThat(calls).hasSize(SharedLookups.MAX_CALLS + 3);
        for (Call alone : List.copyOf(calls.subList(SharedLookups.MAX_CALLS + 1, calls.size()))) {
            if (alone.keys().contains("c1")) {
                alone.succeed();
            } else {
                alone.fail(refusal);
            }
        }
        assertThat(good.join()).containsOnlyKeys("c1");
        assertThatThrownBy(bad::join).hasCauseInstanceOf(ServiceException.class);
    }

    @Test
    void aCallerWhoseTimeIsUpGivesUpAndTheOthersStay() {
        keepBusy();
        Context.CancellableContext soon =
                Context.current().withDeadline(Deadline.after(20, TimeUnit.MILLISECONDS), clock);
        List<CompletableFuture<Map<String, FeatureRow>>> hasty = new ArrayList<>();
        soon.run(() -> hasty.add(ask("hasty")));
        CompletableFuture<Map<String, FeatureRow>> patient = ask("patient");
        assertThatThrownBy(() -> hasty.get(0).join()).hasCauseInstanceOf(TimeoutException.class);
        calls.get(0).succeed();
        Call together = calls.get(SharedLookups.MAX_CALLS);
        assertThat(together.keys()).containsExactly("patient");
        together.succeed();
        assertThat(patient.join()).containsOnlyKeys("patient");
        soon.cancel(null);
    }

    /** One caller's cancellation must not end a call that others wait for. */
    @Test
    void aSharedCallBelongsToNobody() {
        keepBusy();
        Context.CancellableContext leaving = Context.current().withDeadline(Deadline.after(1, TimeUnit.MINUTES), clock);
        leaving.run(() -> {
            var unused = ask("leaving");
        });
        CompletableFuture<Map<String, FeatureRow>> staying = ask("staying");
        calls.get(0).succeed();
        Call together = calls.get(SharedLookups.MAX_CALLS);
        assertThat(together.context().getDeadline()).isNull();
        leaving.cancel(null);
        assertThat(together.context().isCancelled()).isFalse();
        together.succeed();
        assertThat(staying.join()).containsOnlyKeys("staying");
    }
}
