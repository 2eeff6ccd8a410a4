package io.foresell.inference.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.forget.ErasedEntities;
import io.foresell.model.InputField;
import io.foresell.model.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is remembered of entities for the time when the store is away. */
final class FeatureCacheTest {
    private static final FeatureSetRef SET = new FeatureSetRef("customer_set", "hash-1");
    private static final FeatureSetRef OTHER = new FeatureSetRef("orders_set", "hash-2");

    /** SHA-256 of "customer", a line feed and "c-1": what the feature store tells of c-1. */
    private static final String DIGEST = "4ca97a04f76a9cffa553f269eaab1040a9efb349c62702da0d34e0c096082dee";

    private final AtomicLong nowNanos = new AtomicLong(-5);
    private final FeatureCache cache = new FeatureCache(3, Duration.ofNanos(100), nowNanos::get);

    private static FeatureRow row(float value) {
        return new FeatureRow(
                Signature.of(List.of(InputField.number("spend"))), new float[] {value}, new String[0], 0, List.of());
    }

    @Test
    void keepsTheRowsThatCameLast() {
        FeatureRow newer = row(2);
        cache.put(SET, "a", row(1));
        cache.put(SET, "b", row(1));
        cache.put(OTHER, "a", row(1));
        cache.put(SET, "a", newer);
        cache.put(SET, "c", row(1));
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.get(SET, "a")).isSameAs(newer);
        assertThat(cache.get(SET, "b")).isNull();
        assertThat(cache.get(OTHER, "a")).isNotNull();
        cache.remove(SET, "a");
        assertThat(cache.get(SET, "a")).isNull();
        assertThat(cache.get(OTHER, "a")).isNotNull();
    }

    @Test
    void keepsNoneWhenThereIsNoRoom() {
        FeatureCache none = new FeatureCache(0, Duration.ofNanos(100), nowNanos::get);
        none.put(SET, "a", row(1));
        assertThat(none.size()).isZero();
    }

    @Test
    void forgetsRowsThatAreTooOld() {
        cache.put(SET, "a", row(1));
        nowNanos.addAndGet(60);
        cache.put(SET, "b", row(1));
        nowNanos.addAndGet(40);
        assertThat(cache.get(SET, "a")).isNotNull();
        nowNanos.incrementAndGet();
        assertThat(cache.get(SET, "a")).isNull();
        assertThat(cache.size()).isEqualTo(2);
        cache.forget(ErasedEntities.NONE);
        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.get(SET, "b")).isNotNull();
    }

    @Test
    void forgetsWhoWasErasedInEverySet() {
        cache.put(SET, "c-1", row(1));
        cache.put(OTHER, "c-1", row(1));
        cache.put(SET, "c-11", row(1));
        cache.forget(ErasedEntities.of(Map.of("shop", Set.of(DIGEST), "supplier", Set.of("00"))));
        assertThat(cache.size()).as("a shop of this key").isEqualTo(3);
        cache.forget(ErasedEntities.of(Map.of("supplier", Set.of("00"), "customer", Set.of("11", DIGEST))));
        assertThat(cache.get(SET, "c-1")).isNull();
        assertThat(cache.get(OTHER, "c-1")).isNull();
        assertThat(cache.get(SET, "c-11")).isNotNull();
    }
}
