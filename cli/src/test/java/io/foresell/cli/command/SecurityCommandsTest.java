package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.kit.identity.ApiKey;
import io.foresell.kit.sign.SigningKey;
import io.foresell.kit.sign.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made here and sent nowhere. */
final class SecurityCommandsTest {
    @Test
    void aKeyIsShownOnceWithTheLineThatLetsItIn() {
        CommandRun run = CommandRun.with(Map.of(), "keys", "create", "crm", "--grants", "score:churn", "--days", "30");
        assertThat(run.exitCode()).isZero();
        List<String> lines = run.out().lines().map(String::strip).toList();
        String key = lines.get(1);
        assertThat(key).startsWith(ApiKey.PREFIX);
        String hash = new ApiKey(key.substring(4, 20), key).hash();
        assertThat(lines.get(3))
                .startsWith(
                        "key crm id=" + key.substring(4, 20) + " sha256=" + hash + " grants=score:churn expires=20");
    }

    @Test
    void wrongGrantsAndNamesMakeNoKey() {
        CommandRun grants = CommandRun.with(Map.of(), "keys", "create", "crm", "--grants", "boss");
        assertThat(grants.exitCode()).isEqualTo(2);
        assertThat(grants.err()).contains("'boss'", "view, score, train");
        CommandRun name = CommandRun.with(Map.of(), "keys", "create", "a b", "--grants", "view");
        assertThat(name.exitCode()).isEqualTo(2);
        assertThat(grants.out() + name.out()).doesNotContain(ApiKey.PREFIX);
    }

    @Test
    void aPairOfKeysIsWrittenForItsOwnerAlone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("signing.pem");
        assertThat(CommandRun.with(Map.of(), "package", "keygen", file.toString())
                        .exitCode())
                .isZero();
        SigningKey key = SigningKey.parse("key", Files.readAllBytes(file));
        TrustedKeys trusted = TrustedKeys.parse("trusted", Files.readAllBytes(folder.resolve("signing.pem.pub")));
        String digest = "ab".repeat(32);
        assertThat(trusted.isTrusted(digest, List.of(key.sign(digest)))).isTrue();
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(CommandRun.with(Map.of(), "package", "keygen", file.toString())
                        .exitCode())
                .as("never overwritten")
                .isEqualTo(2);
    }
}
