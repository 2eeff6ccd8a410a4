package io.foresell.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.kit.Failure.FieldViolation;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a caller sends, what is said about it fits into the 8 KiB of trailers that callers read. */
final class FailureBoundsTest {
    @Test
    void anOrdinaryFailureStaysAsItIs() {
        Failure failure = Failure.invalid("ROW_COUNT", "row_count", 5000, "1..4096");
        assertThat(FailureBounds.within(failure)).isSameAs(failure);
    }

    @Test
    void longTextsAreCutAndTheRestStays() {
        Failure failure = Failure.notFound("model", "x".repeat(100_000), "a loaded model");
        Failure kept = FailureBounds.within(failure);
        assertThat(kept.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(kept.reason()).isEqualTo("MODEL_NOT_FOUND");
        assertThat(kept.message()).startsWith("model: 'xxx").endsWith("x...").hasSize(2_000);
        assertThat(kept.metadata().get("model")).hasSize(300);
        assertThat(wireBytes(kept)).isLessThan(8_000);
    }

    @Test
    void asManyFieldsAtFaultAsThereIsRoomFor() {
        List<FieldViolation> violations = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            violations.add(new FieldViolation("rows[" + i + "]", "'\u6F22\u5B57' (expected: a number)"));
        }
        Failure kept = FailureBounds.within(Failure.invalid("VALUE_INVALID", violations));
        assertThat(kept.violations())
                .hasSizeBetween(20, 100)
                .isEqualTo(violations.subList(0, kept.violations().size()));
        assertThat(wireBytes(kept)).isLessThan(8_000);
    }

    @Test
    void pairsAreNotCutInHalf() {
        for (int i = 0; i < 12; i++) {
            Failure failure = Failure.notFound("model", "x".repeat(i) + "\uD83D\uDE00".repeat(9_000), "another");
            String message = FailureBounds.within(failure).message();
            assertThat(message.codePoints().anyMatch(code -> code >= 0xD800 && code < 0xE000))
                    .isFalse();
        }
    }

    /** Counts as gRPC writes: the message with percent signs, the details in base 64. */
    private static int wireBytes(Failure failure) {
        int message = 0;
        for (byte each : failure.message().getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            message += each >= ' ' && each < 0x7F && each != '%' ? 1 : 3;
        }
        return message + FailureStatus.proto(failure, "test").getSerializedSize() * 4 / 3 + 200;
    }
}
