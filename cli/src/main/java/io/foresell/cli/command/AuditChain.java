package io.foresell.cli.command;

import io.foresell.proto.registry.v1.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Follows the audit log line by line, as audit.proto says it is chained. */
final class AuditChain {
    private final Set<String> hashes = new HashSet<>();
    private String head = "0".repeat(64);
    private long length;
    private String fault = "";

    void add(AuditEntry entry) {
        if (!fault.isEmpty()) {
            return;
        }
        if (entry.getSequence() != length + 1) {
            fault = "line %d is missing".formatted(length + 1);
        } else if (!entry.getPreviousHash().equals(head)) {
            fault = "line %d does not follow the line before".formatted(entry.getSequence());
        } else if (!entry.getHash().equals(hash(entry))) {
            fault = "line %d was changed".formatted(entry.getSequence());
        } else {
            length = entry.getSequence();
            head = entry.getHash();
            hashes.add(head);
        }
    }

    private static String hash(AuditEntry entry) {
        List<String> fields = new ArrayList<>(List.of(
                Long.toString(entry.getSequence()),
                Long.toString(entry.getAtMillis()),
                entry.getCaller(),
                entry.getActor(),
                entry.getAction(),
                entry.getModel(),
                entry.getFrom(),
                entry.getTo(),
                entry.getReason(),
                entry.getOutcome()));
        if (!entry.getReportId().isEmpty()) {
            fields.addAll(List.of(
                    entry.getReporter(),
                    entry.getPlace(),
                    Long.toString(entry.getHappenedAtMillis()),
                    entry.getReportId()));
        }
        StringBuilder text = new StringBuilder(entry.getPreviousHash()).append('\n');
        fields.forEach(field ->
                text.append(field.replace("\\", "\\\\").replace("\n", "\\n")).append('\n'));
        try {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Returns what is wrong with the chain; empty when it is sound. */
    String fault() {
        return fault;
    }

    /** Returns the number of sound lines. */
    long length() {
        return length;
    }

    /** Returns the hash of the last sound line. */
    String head() {
        return head;
    }

    boolean has(String hash) {
        return hashes.contains(hash);
    }
}
