package io.foresell.training.registry.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the log.
 *
 * @param sequence counts from 1 without gaps
 * @param previousHash the hash of the line before, {@link #FIRST} for the first
 * @param hash covers {@code previousHash} and all else
 */
public record AuditEntry(long sequence, long atMillis, Draft draft, String previousHash, String hash) {
    /** What stands for the hash before the first line. */
    public static final String FIRST = "0".repeat(64);

    private static final int MAX_TEXT = 2_000;

    /**
     * What happened.
     *
     * @param caller who was proven to do it
     * @param actor who the request says does it
     * @param action the method's name
     * @param model empty when the request was not read
     * @param from what was before; empty for nothing
     * @param to what was asked for
     * @param reason why, in the words of the request
     * @param outcome OK, or why it was refused in UPPER_SNAKE
     * @param report how the registry knows; null when it saw it itself
     */
    public record Draft(
            String caller,
            String actor,
            String action,
            String model,
            String from,
            String to,
            String reason,
            String outcome,
            @Nullable Report report) {
        public Draft {
            caller = bounded(caller);
            actor = bounded(actor);
            model = bounded(model);
            from = bounded(from);
            to = bounded(to);
            reason = bounded(reason);
        }

        /** What the registry saw itself. */
        public Draft(
                String caller,
                String actor,
                String action,
                String model,
                String from,
                String to,
                String reason,
                String outcome) {
            this(caller, actor, action, model, from, to, reason, outcome, null);
        }

        private static String bounded(String text) {
            return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
        }
    }

    /**
     * How the registry knows of what happened at another server.
     *
     * @param id names the report for good
     * @param reporter who was proven to report it
     * @param place the server, in its own words
     * @param happenedAtMillis by that server's clock
     */
    public record Report(String id, String reporter, String place, long happenedAtMillis) {}

    /** Returns the next line of the chain. */
    static AuditEntry next(long sequence, long atMillis, Draft draft, String previousHash) {
        return new AuditEntry(sequence, atMillis, draft, previousHash, hash(sequence, atMillis, draft, previousHash));
    }

    /** The hash of the line before and the fields in the order of audit.proto, each ended by a line feed that none can hold. */
    private static String hash(long sequence, long atMillis, Draft draft, String previousHash) {
        StringBuilder text = new StringBuilder(previousHash).append('\n');
        List<String> fields = new ArrayList<>(List.of(
                Long.toString(sequence),
                Long.toString(atMillis),
                draft.caller(),
                draft.actor(),
                draft.action(),
                draft.model(),
                draft.from(),
                draft.to(),
                draft.reason(),
                draft.outcome()));
        Report report = draft.report();
        if (report != null) {
            fields.addAll(
                    List.of(report.reporter(), report.place(), Long.toString(report.happenedAtMillis()), report.id()));
        }
        for (String field : fields) {
            text.append(field.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
