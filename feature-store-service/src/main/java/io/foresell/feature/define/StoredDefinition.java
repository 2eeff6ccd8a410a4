package io.foresell.feature.define;

/**
 * A definition as the store keeps it.
 *
 * @param version counts from 1
 * @param hash lower-case hex SHA-256 of the definition without descriptions; of a feature set it covers its views
 * @param layout where a view's values lie; empty for other kinds
 */
public record StoredDefinition(Definition definition, int version, String hash, long createdAtMillis, Layout layout) {}
