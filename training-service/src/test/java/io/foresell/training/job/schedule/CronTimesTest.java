package io.foresell.training.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronTimesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            0 3 * * *      | 2026-01-05T02:59:59Z | 2026-01-05T03:00:00Z
            0 3 * * *      | 2026-01-05T03:00:00Z | 2026-01-06T03:00:00Z
            30 1 1 * *     | 2026-01-31T12:00:00Z | 2026-02-01T01:30:00Z
            0 0 29 2 *     | 2026-03-01T00:00:00Z | 2028-02-29T00:00:00Z
            0 6 * * 1      | 2026-01-05T06:00:00Z | 2026-01-12T06:00:00Z
            */15 * * * *   | 2026-01-05T10:46:00Z | 2026-01-05T11:00:00Z
            5,10 8-10 * * *| 2026-01-05T08:05:00Z | 2026-01-05T08:10:00Z
            0 0 13 * 5     | 2026-02-06T00:00:00Z | 2026-02-13T00:00:00Z
            0 0 1 * 1      | 2026-01-02T00:00:00Z | 2026-01-05T00:00:00Z
            59 23 31 12 *  | 2026-12-31T23:59:00Z | 2027-12-31T23:59:00Z
            """)
    void findsTheNextInstant(String cron, Instant last, Instant expected) {
        assertThat(CronTimes.parse(cron).after(last)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            0 3 * *     | 4 fields
            61 3 * * *  | minute: '61' (expected: *, a number in 0..59
            0 3 * * mon | day of week: 'mon'
            0 5-3 * * * | hour: '5-3'
            0 0 31 2 *  | no such day
            0 */0 * * * | hour: '0'
            """)
    void refusesWhatIsNoTime(String cron, String message) {
        assertThatThrownBy(() -> CronTimes.parse(cron))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void everyMinuteIsEveryMinute() {
        assertThat(CronTimes.parse("* * * * *").after(Instant.parse("2026-01-05T03:00:30Z")))
                .isEqualTo("2026-01-05T03:01:00Z");
    }
}
