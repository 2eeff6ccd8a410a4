package io.foresell.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerScalesTest {
    @Test
    void valuesAreHeldAgainstTheGreatestOthersAgainstThemselves() {
        double[] expected = {0.5, -200, 3};
        assertThat(Answer.regression().scales(expected)).containsExactly(200, 200, 200);
        assertThat(Answer.regression().scales(new double[] {0.1})).containsExactly(1);
        assertThat(Answer.clusters(List.of("a", "b", "c")).scales(expected)).containsExactly(1, 200, 3);
    }
}
