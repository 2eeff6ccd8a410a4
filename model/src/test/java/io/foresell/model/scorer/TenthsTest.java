package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How numbers of training rows are summarised. */
final class TenthsTest {
    @Test
    void cutsValuesIntoTenths() {
        float[] values = new float[1000];
        for (int i = 0; i < 1000; i++) {
            values[i] = i * 7919 % 1000; // each of 0..999 once
        }
        Tenths tenths = Tenths.of(values);
        assertThat(tenths.edges()).containsExactly(100f, 200f, 300f, 400f, 500f, 600f, 700f, 800f, 900f);
        assertThat(tenths.shares()).hasSize(10).allMatch(share -> share == 0.1);
        assertThat(tenths.missingShare()).isZero();
        assertThat(tenths.rowCount()).isEqualTo(1000);
    }

    @Test
    void equalEdgesAreOneAndMissingIsApart() {
        // 6 zeros, a one, a two, 2 missing
        Tenths tenths = Tenths.of(new float[] {0, 0, 0, Float.NaN, 0, 0, 0, 1, 2, Float.NaN});
        assertThat(tenths.edges()).containsExactly(0f, 1f, 2f);
        assertThat(tenths.shares()).containsExactly(0.0, 0.75, 0.125, 0.125);
        assertThat(tenths.missingShare()).isEqualTo(0.2, org.assertj.core.api.Assertions.within(1e-15));
        assertThat(Tenths.of(new float[] {Float.NaN}).shares()).containsExactly(1.0);
        assertThat(Tenths.of(new float[] {Float.NEGATIVE_INFINITY, 1, Float.POSITIVE_INFINITY})
                        .edges())
                .containsExactly(1f);
    }

    @Test
    void refusesWhatIsNoDistribution() {
        assertThatThrownBy(() -> new Tenths(List.of(1f, 1f), List.of(0.5, 0.25, 0.25), 0, 9))
                .hasMessageContaining("edges[1]: 1.0");
        assertThatThrownBy(() -> new Tenths(List.of(1f), List.of(1.0), 0, 9)).hasMessageContaining("1 edges, 1 shares");
        assertThatThrownBy(() -> new Tenths(List.of(), List.of(1.5), 0, 9))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Tenths(List.of(), List.of(1.0), Double.NaN, 9))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
