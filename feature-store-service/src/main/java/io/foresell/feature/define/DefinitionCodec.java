package io.foresell.feature.define;

/** The stored form of a definition: equal definitions give equal bytes, and old bytes stay readable. */
public interface DefinitionCodec {
    byte[] encode(Definition definition);

    Definition decode(byte[] bytes);
}
