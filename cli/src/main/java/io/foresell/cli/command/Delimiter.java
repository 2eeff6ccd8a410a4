package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Optional;

/** The separator option of commands that read CSV. */
final class Delimiter {
    private Delimiter() {}

    /** Returns the character; {@code tab} and {@code \t} mean a tab, empty means none given. */
    static Optional<Character> parse(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.equals("tab") || text.equals("\\t")) {
            return Optional.of('\t');
        }
        if (text.length() != 1 || "\"\r\n".contains(text)) {
            throw new ServiceException(
                    Failure.invalid("DELIMITER_INVALID", "--delimiter", text, "one character such as , or ; or tab"));
        }
        return Optional.of(text.charAt(0));
    }
}
