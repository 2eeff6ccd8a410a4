package io.foresell.training.fit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;

/** Versions of libraries as their own jars state them. */
public final class LibraryVersions {
    private LibraryVersions() {}

    /** Returns artifact and version of the jar that holds a class; "unknown" when the jar does not say. */
    public static Map<String, String> of(String groupId, String artifactId, Class<?> member) {
        String path = "/META-INF/maven/%s/%s/pom.properties".formatted(groupId, artifactId);
        try (InputStream stream = member.getResourceAsStream(path)) {
            if (stream != null) {
                Properties properties = new Properties();
                properties.load(stream);
                return Map.of(artifactId, properties.getProperty("version", "unknown"));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        String version = member.getPackage().getImplementationVersion();
        return Map.of(artifactId, version == null ? "unknown" : version);
    }
}
