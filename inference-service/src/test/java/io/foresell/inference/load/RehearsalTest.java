package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void loadsAndExplainsTheBuiltInPackage() {
        AtomicInteger rounds = new AtomicInteger();
        new Rehearsal(meters).run(() -> rounds.incrementAndGet() > 0);
        assertThat(failures()).isZero();
        assertThat(meters.get("model_load_rehearsal").timer().count()).isEqualTo(1);
        assertThat(rounds.get()).isGreaterThan(1);
    }

    @Test
    void givesWayToWork() {
        new Rehearsal(meters, () -> new byte[] {1}).run(() -> false); // unreadable, and never read
        assertThat(failures()).isZero();
    }

    @Test
    void failureIsCountedAndGoesNoFurther() {
        new Rehearsal(meters, () -> new byte[] {1}).run(() -> true);
        assertThat(failures()).isEqualTo(1);
        new Rehearsal(meters, () -> {
                    throw new NoClassDefFoundError("Missing");
                })
                .run(() -> true);
        assertThat(failures()).isEqualTo(2);
        assertThat(meters.get("model_load_rehearsal").timer().count()).isZero();
    }

    private double failures() {
        return meters.get("model_load_rehearsal_failures").counter().count();
    }
}
