package io.foresell.inference.audit;

import java.util.regex.Pattern;

/**
 * Who asked for what. Texts hold no control characters and are cut where they are long.
 *
 * @param caller as proven, e.g. {@code key:crm}
 * @param actor who the request says does it; empty for nobody
 * @param model empty when the request was not read
 * @param from what served before, in words
 * @param to what was asked for, in words
 * @param reason why, in the words of the request
 */
public record ControlAttempt(
        ControlAction action, String caller, String actor, String model, String from, String to, String reason) {
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cntrl}\\x80-\\x9f]"); // what Character.isISOControl says
    private static final int MAX_NAME = 400;
    private static final int MAX_WORDS = 1_000;

    public ControlAttempt {
        caller = plain(caller, MAX_NAME);
        actor = plain(actor, MAX_NAME);
        model = plain(model, MAX_NAME);
        from = plain(from, MAX_WORDS);
        to = plain(to, MAX_WORDS);
        reason = plain(reason, MAX_WORDS);
    }

    static String plain(String text, int maxLength) {
        String cut = text.length() <= maxLength ? text : text.substring(0, maxLength);
        return CONTROL.matcher(cut).replaceAll(" ");
    }
}
