package io.foresell.model.reason;

/**
 * How one input moved an answer.
 *
 * @param input name of the input
 * @param value its value as text; empty when missing
 * @param contribution on the scale of the scorer's contributions, e.g. log-odds; above 0 raises the answer
 * @param sentence the same in words
 */
public record Reason(String input, String value, double contribution, String sentence) {}
