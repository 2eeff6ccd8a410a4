package io.foresell.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SignatureDigestTest {
    private static final InputField SPEND = InputField.number("spend");
    private static final InputField PLAN = InputField.text("plan");

    @Test
    void isThatOfTheInputsAndTheirOrder() {
        assertThat(Signature.of(List.of(SPEND, PLAN)).digest())
                .isEqualTo(Signature.of(List.of(InputField.number("spend"), InputField.text("plan")))
                        .digest())
                .isNotZero();
        List<List<InputField>> different = List.of(
                List.of(SPEND, PLAN),
                List.of(PLAN, SPEND),
                List.of(SPEND),
                List.of(InputField.text("spend"), PLAN),
                List.of(InputField.sequence("spend", 2), PLAN),
                List.of(InputField.number("spendn1;4:plan"), PLAN),
                List.of(InputField.number("Spend"), PLAN));
        Set<Long> digests = new HashSet<>();
        different.forEach(inputs -> digests.add(Signature.of(inputs).digest()));
        assertThat(digests).hasSize(different.size());
    }
}
