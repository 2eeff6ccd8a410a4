package io.foresell.feature.define;

import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.function.Function;

/** Identifies the meaning of definitions: descriptions do not count. */
final class DefinitionHash {
    private DefinitionHash() {}

    static String of(DefinitionCodec codec, Definition definition) {
        return Sha256.hex(codec.encode(definition.withoutDescriptions()));
    }

    /** Returns the hash of a set together with the hashes of its views, so that it changes when a feature's meaning does. */
    static String of(DefinitionCodec codec, FeatureSetDefinition set, Function<String, String> viewHash) {
        StringBuilder parts = new StringBuilder(of(codec, (Definition) set));
        for (String view : new TreeSet<>(set.viewNames())) {
            parts.append('\n').append(view).append(' ').append(viewHash.apply(view));
        }
        return Sha256.hex(parts.toString().getBytes(StandardCharsets.UTF_8));
    }
}
