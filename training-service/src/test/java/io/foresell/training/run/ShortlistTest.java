package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShortlistTest {
    @Test
    void keepsTheHighestAndOfEqualsTheFirst() {
        Shortlist<String> list = new Shortlist<>(3);
        list.add(1, "one");
        list.add(3, "three");
        list.add(2, "two");
        list.add(2, "two again");
        list.add(2, "two");
        list.add(Double.NaN, "nothing");
        list.add(5, "five");

        assertThat(list.items()).containsExactly("five", "three", "two");
        assertThat(list.ranks()).containsExactly(5.0, 3.0, 2.0);
        assertThat(list.wants(2)).isFalse();
        assertThat(list.wants(Double.NaN)).isFalse();
        assertThat(new Shortlist<String>(1).wants(Double.NaN)).isFalse();
    }
}
