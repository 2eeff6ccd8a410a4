package io.foresell.cli.command;

import io.foresell.cli.source.ViewDraft;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** A drafted YAML file that knows whether a person has edited it since. */
record DraftFile(String text) {
    private static final String MARK = "# As drafted: ";

    /** Returns the definitions of a draft. */
    static DraftFile definitions(Path source, ViewDraft draft) {
        return marked(
                """
                # Drafted by 'foresell define --from %s'. Edit it, then register it again: foresell define THIS_FILE
                # Cleaning, e.g.: cleaning: {missing: constant, fill_value: "0"}, bounds: min, max, wording: description
                """
                                .formatted(source.getFileName())
                        + draft.yaml());
    }

    /** Returns the training spec of a draft; empty when the draft has none. */
    static Optional<DraftFile> training(Path source, ViewDraft draft) {
        return draft.trainingYaml()
                .map(yaml -> marked(
                        """
                        # Drafted by 'foresell define --from %s'. Edit it, then run: foresell train THIS_FILE
                        """
                                        .formatted(source.getFileName())
                                + yaml));
    }

    private static DraftFile marked(String body) {
        return new DraftFile(MARK + digest(body) + "\n" + body);
    }

    /**
     * Writes the draft. A file that is a draft as it was written may be replaced; an edited one only by force.
     *
     * @throws ServiceException INVALID_ARGUMENT when the file was edited or cannot be written
     */
    void write(Path target, boolean isForced) {
        if (!writeUnlessEdited(target, isForced)) {
            throw new ServiceException(Failure.invalid(
                    "FILE_EDITED",
                    "%s: was edited (expected: another --out, --force to overwrite it, or 'foresell define %s' to"
                                    .formatted(target, target)
                            + " register it as it is)"));
        }
    }

    /**
     * Writes the draft and returns true; leaves a file that a person edited and returns false, unless forced.
     *
     * @throws ServiceException INVALID_ARGUMENT when the file cannot be written
     */
    boolean writeUnlessEdited(Path target, boolean isForced) {
        try {
            if (!isForced && Files.exists(target) && isEdited(Files.readString(target))) {
                return false;
            }
            Files.writeString(target, text);
            return true;
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.invalid("FILE_UNWRITABLE", "%s: %s (expected: a writable file)".formatted(target, e)), e);
        }
    }

    private static boolean isEdited(String existing) {
        int end = existing.indexOf('\n');
        boolean isMarked = existing.startsWith(MARK) && end > 0;
        return !isMarked || !existing.substring(MARK.length(), end).equals(digest(existing.substring(end + 1)));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
