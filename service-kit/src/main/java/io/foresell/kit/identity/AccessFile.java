package io.foresell.kit.identity;

import io.foresell.kit.rotate.UnusableFileException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what, one line each; one bad line refuses the file as a whole, so a slip never takes rights away from others.
 *
 * <pre>
 * key         crm       id=0123456789abcdef sha256=... grants=score:churn,score:upsell_* expires=2027-01-01T00:00:00Z
 * certificate inference dns=inference.foresell.svc grants=replicate
 * </pre>
 */
final class AccessFile {
    private static final Pattern LINE =
            Pattern.compile("(key|certificate)\\s+([A-Za-z0-9][A-Za-z0-9@._-]{0,62})((?:\\s+\\S+)*)");
    private static final int MAX_LINES = 10_000;
    private static final int DNS = 2; // kinds of names in RFC 5280, 4.2.1.6
    private static final int URI = 6;

    private record Key(ByteBuffer hash, Identity identity) {}

    private final Map<String, Key> keys = new HashMap<>(); // by id
    private final Map<String, Identity> certificates = new HashMap<>(); // by what names them, e.g. dns=...
    private final Set<String> lines = new HashSet<>();

    private AccessFile() {}

    static AccessFile parse(byte[] content) throws UnusableFileException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableFileException("auth.access-file: not UTF-8", e);
        }
        AccessFile file = new AccessFile();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                file.add(line);
            } catch (IllegalArgumentException | DateTimeParseException e) {
                throw new UnusableFileException("auth.access-file line %d: %s".formatted(number, e.getMessage()), e);
            }
        }
        return file;
    }

    private void add(String line) {
        Matcher matched = LINE.matcher(line);
        if (!matched.matches()) {
            throw new IllegalArgumentException("not understood (expected: key|certificate NAME FIELD=VALUE ...)");
        }
        if (keys.size() + certificates.size() >= MAX_LINES) {
            throw new IllegalArgumentException("too many lines (expected: at most %d)".formatted(MAX_LINES));
        }
        lines.add(line);
        Map<String, String> fields = fields(matched.group(3).strip());
        List<Grant> grants = Grant.parseAll(taken(fields, "grants"));
        Instant expires = fields.containsKey("expires") ? Instant.parse(taken(fields, "expires")) : Instant.MAX;
        String name = matched.group(2);
        if (matched.group(1).equals("key")) {
            String id = digits("id", taken(fields, "id"), 16);
            ByteBuffer hash = ByteBuffer.wrap(HexFormat.of().parseHex(digits("sha256", taken(fields, "sha256"), 64)));
            Identity identity = new Identity(Identity.Proof.KEY, name, grants, expires, line);
            requireNew(keys.put(id, new Key(hash, identity)), "id", id);
        } else {
            String subject = subject(fields);
            Identity identity = new Identity(Identity.Proof.CERTIFICATE, name, grants, expires, line);
            requireNew(certificates.put(subject, identity), "certificate", subject);
        }
        if (!fields.isEmpty()) {
            throw new IllegalArgumentException("%s: unknown field".formatted(fields.keySet()));
        }
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.isEmpty() ? new String[0] : text.split("\\s+", -1)) {
            int equals = field.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'%s' (expected: FIELD=VALUE)".formatted(field));
            }
            requireNew(fields.put(field.substring(0, equals), field.substring(equals + 1)), "field", field);
        }
        return fields;
    }

    private static void requireNew(@Nullable Object before, String what, String value) {
        if (before != null) {
            throw new IllegalArgumentException("%s: '%s' is there twice".formatted(what, value));
        }
    }

    private static String taken(Map<String, String> fields, String name) {
        String value = fields.remove(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("%s: missing".formatted(name));
        }
        return value;
    }

    private static String digits(String name, String value, int count) {
        if (value.length() != count || !value.matches("[0-9a-f]+")) {
            throw new IllegalArgumentException("%s: (expected: %d lower-case hex digits)".formatted(name, count));
        }
        return value;
    }

    private static String subject(Map<String, String> fields) {
        for (String kind : List.of("dns", "uri", "cn")) {
            if (fields.containsKey(kind)) {
                return kind + "=" + taken(fields, kind);
            }
        }
        throw new IllegalArgumentException("certificate: no name (expected: dns=, uri= or cn=)");
    }

    /** Returns who holds the key; nothing when it is unknown, wrong or expired. */
    Optional<Identity> holder(ApiKey key, Instant now) {
        Key known = keys.get(key.id());
        if (known == null || !key.hasHash(known.hash().array())) {
            return Optional.empty();
        }
        return Optional.of(known.identity()).filter(identity -> now.isBefore(identity.expiresAt()));
    }

    /** Returns who shows the certificate: by its DNS names, then its URIs, then its common name. */
    Optional<Identity> holder(X509Certificate certificate, Instant now) {
        if (certificates.isEmpty()) {
            return Optional.empty();
        }
        Identity found = alternative(certificate, DNS, "dns=");
        found = found == null ? alternative(certificate, URI, "uri=") : found;
        found = found == null ? certificates.get("cn=" + commonName(certificate)) : found;
        return Optional.ofNullable(found).filter(identity -> now.isBefore(identity.expiresAt()));
    }

    private @Nullable Identity alternative(X509Certificate certificate, int kind, String prefix) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? Set.<List<?>>of() : names) {
                Identity found =
                        Integer.valueOf(kind).equals(name.get(0)) ? certificates.get(prefix + name.get(1)) : null;
                if (found != null) {
                    return found;
                }
            }
            return null;
        } catch (CertificateParsingException e) {
            return null; // a name that cannot be read names nobody
        }
    }

    private static String commonName(X509Certificate certificate) {
        try {
            javax.naming.ldap.LdapName name = new javax.naming.ldap.LdapName(
                    certificate.getSubjectX500Principal().getName());
            for (javax.naming.ldap.Rdn part : name.getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (javax.naming.InvalidNameException e) {
            return ""; // names nobody
        }
        return "";
    }

    /** Returns whether the line an identity was found by is still there as it was. */
    boolean has(Identity identity) {
        return lines.contains(identity.line());
    }
}
