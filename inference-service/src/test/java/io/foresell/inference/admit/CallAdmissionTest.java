package io.foresell.inference.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.kit.Admission.Place;
import io.foresell.kit.Failure;
import io.foresell.kit.Refusal;
import io.foresell.kit.frame.Door;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.CharBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is turned away while the network threads are late, and who is let in. */
final class CallAdmissionTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final MethodDescriptor<?, ?> SCORE = InferenceServiceGrpc.getScoreMethod();

    private final AtomicLong clock = new AtomicLong(1);
    private final AtomicLong lag = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AdaptiveLimit limit = new AdaptiveLimit(1000, 1000, lag::get, clock::get);
    private final CallAdmission admission = new CallAdmission(
            "test", AdmissionSettings.local(1000), limit, new LagGate(lag::get, lag::get, clock::get), meters);

    private record Headers(CharSequence path, Map<String, String> values) implements Door.Headers {
        @Override
        public @Nullable CharSequence get(String name) {
            return values.get(name);
        }
    }

    private static Headers headers(MethodDescriptor<?, ?> method, String... priority) {
        return new Headers(
                CharBuffer.wrap("/" + method.getFullMethodName()), // no String, as on the wire
                priority.length == 0 ? Map.of() : Map.of(CallAdmission.PRIORITY.name(), priority[0]));
    }

    /** Calls once, as the server does; says whether it was let in. */
    private boolean calls(MethodDescriptor<?, ?> method) {
        if (admission.turnsAway(headers(method)) != null) {
            return false;
        }
        ((Place) admission.enter(method, new Metadata())).leave();
        return true;
    }

    /** Makes the server know how fast it is, and then late for good. */
    private void overload() {
        for (int i = 0; i < 12_000; i++) {
            clock.addAndGet(MILLI);
            assertThat(calls(SCORE)).isTrue();
        }
        lag.set(3000 * MILLI);
        for (int i = 0; i < 3000; i++) {
            clock.addAndGet(MILLI);
            calls(SCORE);
        }
    }

    @Test
    void overloadTurnsOnlineCallsAwayButForATenth() {
        overload();
        int let = 0;
        for (int i = 0; i < 10_000; i++) {
            let += calls(SCORE) ? 1 : 0;
        }
        assertThat(let).isBetween(800, 1200);
        assertThat(meters.counter("admission_refused", "reason", "OVERLOADED").count())
                .isGreaterThanOrEqualTo(10_000 - let);
    }

    @Test
    void callsThatCanWaitAreTurnedAwayAllAndQuestionsNever() {
        overload();
        for (int i = 0; i < 1000; i++) {
            Refusal low = admission.turnsAway(headers(SCORE, "bulk"));
            assertThat(low).isNotNull();
            assertThat(low.failure().reason()).isEqualTo("LOW_PRIORITY");
            assertThat(calls(InferenceServiceGrpc.getListLoadedModelsMethod())).isTrue();
            assertThat(calls(InferenceServiceGrpc.getScoreStreamMethod())).isTrue();
        }
        assertThat(admission.turnsAway(headers(SCORE, "urgent"))).isNull(); // which enter has a word for
    }

    @Test
    void aCallThatSaysItIsOnlineIsOne() {
        overload();
        int turnedAway = 0;
        for (int i = 0; i < 1000; i++) {
            turnedAway += admission.turnsAway(headers(SCORE, "online")) == null ? 0 : 1;
        }
        assertThat(turnedAway).isGreaterThan(800);
    }

    @Test
    void whoIsTurnedAwayIsToldWhenToComeBackNotAllAtOnce() {
        overload();
        Set<Duration> delays = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            Refusal refusal = admission.turnsAway(headers(SCORE));
            if (refusal != null) {
                Failure failure = refusal.failure();
                assertThat(failure.reason()).isEqualTo("OVERLOADED");
                delays.add(failure.retryAfter());
            }
        }
        assertThat(delays).hasSizeGreaterThan(3);
        assertThat(delays).allMatch(delay -> delay.toMillis() >= 50 && delay.toMillis() <= 250);
    }

    @Test
    void whileEveryPlaceIsTakenAllButQuestionsAreTurnedAway() {
        assertThat(calls(SCORE)).isTrue();
        for (int i = 0; i < 1000; i++) {
            assertThat(admission.turnsAway(headers(SCORE))).isNull();
            assertThat(admission.enter(SCORE, new Metadata())).isInstanceOf(Place.class);
        }
        Refusal refusal = admission.turnsAway(headers(SCORE));
        assertThat(refusal).isNotNull();
        assertThat(refusal.failure().message()).isEqualTo("calls in flight: 1000 (expected: below 1000)");
        assertThat(admission.turnsAway(headers(SCORE, "bulk")).failure().reason())
                .isEqualTo("LOW_PRIORITY");
        assertThat(calls(InferenceServiceGrpc.getListLoadedModelsMethod())).isTrue();
        assertThat(meters.counter("admission_refused", "reason", "TOO_MANY_CALLS")
                        .count())
                .isEqualTo(1);
        limit.leave();
        assertThat(calls(SCORE)).isTrue();
    }

    @Test
    void nobodyIsTurnedAwayOnceTheThreadsAreInTime() {
        overload();
        lag.set(0);
        for (int i = 0; i < 2000; i++) {
            clock.addAndGet(MILLI);
            calls(SCORE);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(calls(SCORE)).isTrue();
            assertThat(admission.turnsAway(headers(SCORE, "bulk"))).isNull();
        }
    }
}
