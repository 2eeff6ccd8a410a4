package io.foresell.benchmarks.tensor;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a server of the protocol answers, as it is written: {@code name=grpc://host:port/model[/version][?form=raw|typed][&input=NAME]},
 * or {@code http}, {@code https} with {@code form=json|binary}.
 *
 * @param base scheme, host and port
 * @param version empty for the one that the server chooses
 * @param input the one tensor that takes all numbers of the row; empty for a tensor each
 */
public record Peer(String name, URI base, String model, String version, TensorForm form, String input) {
    private static final String EXPECTED =
            "name=grpc://host:port/model[/version][?form=raw|typed][&input=NAME], or http:// with form=json|binary";
    private static final Set<String> SCHEMES = Set.of("grpc", "http", "https");

    /**
     * Reads a peer.
     *
     * @throws IllegalArgumentException naming what is wrong and what was expected
     */
    public static Peer parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw wrong(text, "no name");
        }
        URI address;
        try {
            address = URI.create(text.substring(equals + 1));
        } catch (IllegalArgumentException e) {
            throw wrong(text, "no address");
        }
        if (address.getScheme() == null || !SCHEMES.contains(address.getScheme())) {
            throw wrong(text, "scheme '%s'".formatted(address.getScheme()));
        }
        if (address.getHost() == null || address.getPort() < 1) {
            throw wrong(text, "no host and port");
        }
        List<String> path = Arrays.stream(address.getPath().split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
        if (path.isEmpty() || path.size() > 2) {
            throw wrong(text, "path '%s'".formatted(address.getPath()));
        }
        Map<String, String> query = query(text, address.getRawQuery() == null ? "" : address.getQuery());
        boolean isGrpc = address.getScheme().equals("grpc");
        return new Peer(
                text.substring(0, equals),
                URI.create("%s://%s".formatted(address.getScheme(), address.getRawAuthority())),
                path.get(0),
                path.size() == 2 ? path.get(1) : "",
                form(text, query.getOrDefault("form", isGrpc ? "raw" : "json"), isGrpc),
                query.getOrDefault("input", ""));
    }

    private static Map<String, String> query(String text, String query) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || !(key.equals("form") || key.equals("input"))) {
                throw wrong(text, "'%s'".formatted(part));
            }
            values.put(key, part.substring(equals + 1));
        }
        return values;
    }

    private static TensorForm form(String text, String title, boolean isGrpc) {
        for (TensorForm form : TensorForm.values()) {
            if (form.title().equals(title) && form.isGrpc() == isGrpc) {
                return form;
            }
        }
        throw new IllegalArgumentException(
                "peer: '%s': form '%s' (expected: %s)".formatted(text, title, TensorForm.titles(isGrpc)));
    }

    private static IllegalArgumentException wrong(String text, String what) {
        return new IllegalArgumentException("peer: '%s': %s (expected: %s)".formatted(text, what, EXPECTED));
    }

    public boolean isGrpc() {
        return form.isGrpc();
    }

    /** Returns {@code host:port}. */
    public String target() {
        return base.getHost() + ":" + base.getPort();
    }

    /** Returns the row's title in the table. */
    public String title() {
        return "%s, %s".formatted(name, form.title());
    }

    /** Returns where a REST server infers. */
    URI inferAddress() {
        String at = version.isEmpty() ? "" : "/versions/" + version;
        return URI.create("%s/v2/models/%s%s/infer".formatted(base, model, at));
    }
}
