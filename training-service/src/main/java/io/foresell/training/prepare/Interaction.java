package io.foresell.training.prepare;

/** Adds the products of all encoded columns of a feature with all of another one, or of a number with itself. */
public record Interaction(String first, String second) {}
