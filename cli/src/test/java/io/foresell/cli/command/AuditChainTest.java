package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.registry.v1.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuditChainTest {
    private static List<AuditEntry> lines(int count) throws Exception {
        List<AuditEntry> lines = new ArrayList<>();
        String previous = "0".repeat(64);
        for (int i = 1; i <= count; i++) {
            String reason = i == 2 ? "a\nb\\c" : "because";
            String written = i == 2 ? "a\\nb\\\\c" : "because";
            String report = i == 3 ? "key:inference\ninference-0\n990\nabcd-1234\n" : "";
            String text = previous + "\n" + i + "\n1000\nkey:boss\nann\nSetRelease\nchurn\n\n1 at 100 %\n" + written
                    + "\nOK\n" + report;
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            AuditEntry.Builder line = AuditEntry.newBuilder()
                    .setSequence(i)
                    .setAtMillis(1000)
                    .setCaller("key:boss")
                    .setActor("ann")
                    .setAction("SetRelease")
                    .setModel("churn")
                    .setTo("1 at 100 %")
                    .setReason(reason)
                    .setOutcome("OK")
                    .setPreviousHash(previous)
                    .setHash(hash);
            if (i == 3) {
                line.setReporter("key:inference")
                        .setPlace("inference-0")
                        .setHappenedAtMillis(990)
                        .setReportId("abcd-1234");
            }
            lines.add(line.build());
            previous = hash;
        }
        return lines;
    }

    private static String fault(List<AuditEntry> lines) {
        AuditChain chain = new AuditChain();
        lines.forEach(chain::add);
        return chain.fault();
    }

    @Test
    void aWholeChainIsSoundAndKnowsItsHashes() throws Exception {
        List<AuditEntry> lines = lines(3);
        AuditChain chain = new AuditChain();
        lines.forEach(chain::add);
        assertThat(chain.fault()).isEmpty();
        assertThat(chain.length()).isEqualTo(3);
        assertThat(chain.head()).isEqualTo(lines.get(2).getHash());
        assertThat(chain.has(lines.get(0).getHash())).isTrue();
        assertThat(chain.has("0".repeat(64))).isFalse();
    }

    @Test
    void whatWasChangedOrTakenAwayShows() throws Exception {
        List<AuditEntry> changed = lines(3);
        changed.set(1, changed.get(1).toBuilder().setCaller("key:other").build());
        assertThat(fault(changed)).isEqualTo("line 2 was changed");

        List<AuditEntry> elsewhere = lines(3);
        elsewhere.set(2, elsewhere.get(2).toBuilder().setReporter("key:other").build());
        assertThat(fault(elsewhere)).isEqualTo("line 3 was changed");
        elsewhere.set(2, elsewhere.get(2).toBuilder().clearReportId().build());
        assertThat(fault(elsewhere)).isEqualTo("line 3 was changed");

        List<AuditEntry> shorter = lines(3);
        shorter.remove(1);
        assertThat(fault(shorter)).isEqualTo("line 2 is missing");

        List<AuditEntry> renumbered = lines(3);
        renumbered.remove(1);
        renumbered.set(1, renumbered.get(1).toBuilder().setSequence(2).build());
        assertThat(fault(renumbered)).isEqualTo("line 2 does not follow the line before");
    }
}
