package io.foresell.inference.fetch;

import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.kit.sign.TrustedKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes only packages that a trusted key signed, when there are trusted keys. The registry hands signatures over and is not trusted with
 * them; they are kept beside the package, so a start without the registry can verify, too. Used by the load lane's thread.
 */
public final class PackageTrust {
    private static final Logger log = LoggerFactory.getLogger(PackageTrust.class);

    private final @Nullable Supplier<TrustedKeys> keys; // null trusts every package
    private final SignatureClient registry;
    private final PackageStore store;

    private PackageTrust(@Nullable Supplier<TrustedKeys> keys, GrpcClient registry, PackageStore store) {
        this.keys = keys;
        this.registry = new SignatureClient(registry);
        this.store = store;
    }

    /** Trusts every package of the registry. */
    public static PackageTrust ofAll(GrpcClient registry, PackageStore store) {
        return new PackageTrust(null, registry, store);
    }

    /** Trusts packages signed by one of the keys as they are at that time. */
    public static PackageTrust of(Supplier<TrustedKeys> keys, GrpcClient registry, PackageStore store) {
        return new PackageTrust(keys, registry, store);
    }

    /**
     * Checks the signatures of a package whose digest was verified.
     *
     * @throws ServiceException FAILED_PRECONDITION when no trusted key signed it; it may be signed later
     */
    public void require(String model, RoutedVersion version) throws IOException {
        if (keys == null) {
            return;
        }
        TrustedKeys trusted = keys.get();
        if (trusted.isTrusted(version.digest(), parsed(store.readSignatures(version.digest())))) {
            return;
        }
        List<PackageSignature> signatures = registry.fetch(model, version.digest());
        if (!trusted.isTrusted(version.digest(), signatures)) {
            String signers = signatures.isEmpty()
                    ? "nobody"
                    : signatures.stream().map(PackageSignature::keyId).collect(Collectors.joining(", "));
            throw new ServiceException(Failure.precondition(
                    "PACKAGE_UNTRUSTED",
                    "package of %s@%d: signed by %s, or wrongly (expected: rightly by one of %s)"
                            .formatted(model, version.version(), signers, new TreeSet<>(trusted.ids()))));
        }
        store.writeSignatures(
                version.digest(),
                signatures.stream()
                        .map(signature -> signature.keyId() + " " + signature.hex() + "\n")
                        .collect(Collectors.joining()));
    }

    private static List<PackageSignature> parsed(String lines) {
        List<PackageSignature> signatures = new ArrayList<>();
        for (String line : lines.split("\n", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                add(signatures, line.substring(0, blank), line.substring(blank + 1));
            }
        }
        return signatures;
    }

    /** What is no signature signs nothing. */
    static void add(List<PackageSignature> signatures, String keyId, String hex) {
        try {
            signatures.add(new PackageSignature(keyId, hex));
        } catch (IllegalArgumentException e) {
            log.warn("not a signature cause=\"{}\"", e.getMessage());
        }
    }
}
