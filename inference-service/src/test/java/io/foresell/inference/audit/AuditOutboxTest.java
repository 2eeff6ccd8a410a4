package io.foresell.inference.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.inference.audit.AuditOutbox.Numbered;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept for the registry survives the process, in order, and is bounded. */
final class AuditOutboxTest {
    @TempDir
    private Path folder;

    private static ActionReport report(String id, String outcome) {
        ControlAttempt attempt =
                new ControlAttempt(ControlAction.UNLOAD, "key:boss", "ann", "churn", "release 1", "unloaded", "wrong");
        return new ActionReport(id, 1_000, "inference-0", attempt, outcome);
    }

    private AuditOutbox open() {
        return AuditOutbox.open(folder, 4);
    }

    private static long add(AuditOutbox outbox, ActionReport report) throws IOException {
        outbox.reserve();
        return outbox.add(report);
    }

    private static List<ActionReport> drain(AuditOutbox outbox) {
        List<ActionReport> all = new ArrayList<>();
        for (Numbered head = outbox.head(); head != null; head = outbox.head()) {
            all.add(head.report());
            outbox.delivered(head.number());
        }
        return all;
    }

    @Test
    void keepsTheOrderOverRestarts() throws Exception {
        AuditOutbox outbox = open();
        add(outbox, report("a", "OK"));
        add(outbox, report("b", "OK"));
        outbox.delivered(1);
        outbox = open();
        add(outbox, report("c", "NOT_ALLOWED"));
        assertThat(open().size()).isEqualTo(2);
        assertThat(open().oldestMillis()).isEqualTo(1_000);
        assertThat(drain(open())).containsExactly(report("b", "OK"), report("c", "NOT_ALLOWED"));
        assertThat(open().size()).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anOrderWaitsForItsOutcomeAndThoseBehindItWaitToo() throws Exception {
        AuditOutbox outbox = open();
        long first = add(outbox, report("a", ""));
        add(outbox, report("b", "OK"));
        assertThat(outbox.head()).isNull();
        outbox.finish(first, "MODEL_LOAD_FAILED");
        assertThat(drain(open())).containsExactly(report("a", "MODEL_LOAD_FAILED"), report("b", "OK"));
    }

    @Test
    void anOrderThatTheProcessDidNotOutliveSaysSo() throws Exception {
        add(open(), report("a", ""));
        assertThat(drain(open())).containsExactly(report("a", "INTERRUPTED"));
    }

    @Test
    void isBoundedAndKeepsHalfForOrders() throws Exception {
        AuditOutbox outbox = open();
        assertThat(outbox.isReservedForRefusal()).isTrue();
        outbox.release();
        add(outbox, report("a", "OK"));
        assertThat(outbox.isReservedForRefusal()).isTrue();
        assertThat(outbox.isReservedForRefusal()).isFalse();
        outbox.add(report("b", "NOT_ALLOWED"));
        add(outbox, report("c", ""));
        outbox.reserve();
        assertThatThrownBy(outbox::reserve).isInstanceOfSatisfying(ServiceException.class, e -> assertThat(
                        e.failure().reason())
                .isEqualTo("AUDIT_OUTBOX_FULL"));
        outbox.delivered(1);
        outbox.reserve();
    }

    @Test
    void whatCannotBeWrittenTakesNoRoom() throws Exception {
        AuditOutbox outbox = open();
        Files.delete(folder);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> add(outbox, report("a", ""))).isInstanceOf(IOException.class);
        }
        Files.createDirectory(folder);
        long number = add(outbox, report("a", ""));
        Files.delete(folder.resolve("%012d.json".formatted(number)));
        Files.delete(folder);
        assertThatThrownBy(() -> outbox.finish(number, "OK")).isInstanceOf(IOException.class);
        assertThat(drain(outbox)).as("delivered all the same").containsExactly(report("a", "OK"));
    }

    @Test
    void whatTheDiskSpoiltIsKeptAsideAndHoldsUpNothing() throws Exception {
        AuditOutbox outbox = open();
        add(outbox, report("a", "OK"));
        add(outbox, report("b", "OK"));
        Path first = folder.resolve("000000000001.json");
        Files.writeString(first, Files.readString(first).substring(0, 20));
        Files.writeString(folder.resolve("3.part"), "half");
        outbox = open();
        assertThat(outbox.unreadableCount()).isEqualTo(1);
        assertThat(drain(outbox)).containsExactly(report("b", "OK"));
        assertThat(folder.resolve("000000000001.json.unreadable")).exists();
        assertThat(folder.resolve("3.part")).doesNotExist();
    }

    @Test
    void textsAreCutAndHoldNoControlCharacters() {
        ControlAttempt attempt = new ControlAttempt(
                ControlAction.LOAD, "token:a\nb\u001b[2J", "x".repeat(5_000), "churn", "", "loaded", "line\nbreak");
        assertThat(attempt.caller()).isEqualTo("token:a b [2J");
        assertThat(attempt.actor()).hasSize(400);
        assertThat(attempt.reason()).isEqualTo("line break");
    }
}
