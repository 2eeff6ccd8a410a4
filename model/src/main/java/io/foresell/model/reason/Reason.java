package io.foresell.model.reason;

/**
 * How one input moved a score.
 *
 * @param input name of the input
 * @param value its value as text; empty when missing
 * @param contribution to the log-odds; above 0 raises the score
 * @param sentence the same in words
 */
public record Reason(String input, String value, double contribution, String sentence) {}
