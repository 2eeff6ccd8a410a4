package io.foresell.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.rotate.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessFileTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String HASH = "0".repeat(64);

    private static AccessFile parse(String text) throws UnusableFileException {
        return AccessFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatTheCommandPrintsLetsTheHolderInUntilItExpires() throws Exception {
        ApiKey key = ApiKey.generate(new SecureRandom());
        AccessFile file = parse(
                "\r\n# a comment\n  " + key.line("crm", "score:churn,train:up*", "2026-01-02T03:04:06Z") + "\r\n");
        assertThat(file.holder(key, NOW)).hasValueSatisfying(identity -> {
            assertThat(identity.shown()).isEqualTo("key:crm");
            assertThat(identity.may(Set.of(Role.TRAIN), "upsell")).isTrue();
            assertThat(identity.may(Set.of(Role.TRAIN), "churn")).isFalse();
        });
        assertThat(file.holder(key, NOW.plusSeconds(1))).isEmpty();
        assertThat(file.holder(ApiKey.parse(key.text() + "x").orElseThrow(), NOW))
                .isEmpty();
        assertThat(key.toString()).doesNotContain(key.text().substring(21));
    }

    @Test
    void keysAreLongAndNeverTheSame() {
        ApiKey one = ApiKey.generate(new SecureRandom());
        ApiKey two = ApiKey.generate(new SecureRandom());
        assertThat(one.text()).hasSize(4 + 16 + 1 + 43).isNotEqualTo(two.text());
        assertThat(ApiKey.parse(one.text()).orElseThrow().id()).isEqualTo(one.id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user a id=0123456789abcdef sha256=HASH grants=score|not understood",
                "key a sha256=HASH grants=score|id: missing",
                "key a id=0123 sha256=HASH grants=score|id: (expected: 16 lower-case hex digits)",
                "key a id=0123456789abcdef sha256=zz grants=score|sha256: (expected: 64",
                "key a id=0123456789abcdef sha256=HASH|grants: missing",
                "key a id=0123456789abcdef sha256=HASH grants=|grants: missing",
                "key a id=0123456789abcdef sha256=HASH grants=boss|grant: 'boss' (expected: view, score",
                "key a id=0123456789abcdef sha256=HASH grants=score:a*b|models: 'a*b'",
                "key a id=0123456789abcdef sha256=HASH grants=score grants=admin|is there twice",
                "key a id=0123456789abcdef sha256=HASH grants=score expires=soon|could not be parsed",
                "key a id=0123456789abcdef sha256=HASH grants=score model=churn|[model]: unknown field",
                "certificate a grants=score|certificate: no name (expected: dns=, uri= or cn=)"
            })
    void aLineThatIsNotUnderstoodRefusesTheFile(String line, String message) {
        assertThatThrownBy(() -> parse("# first\n" + line.replace("HASH", HASH)))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining(message);
    }

    @Test
    void theSameIdTwiceRefusesTheFile() {
        String line = "key a id=0123456789abcdef sha256=" + HASH + " grants=score\n";
        assertThatThrownBy(() -> parse(line + line)).hasMessageContaining("is there twice");
    }
}
