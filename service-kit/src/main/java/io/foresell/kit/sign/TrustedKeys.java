package io.foresell.kit.sign;

import io.foresell.kit.pem.Pem;
import io.foresell.kit.rotate.UnusableFileException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The public keys whose signatures count. Several at a time, so that keys can be rotated: trust the new one first, then sign with it. Immutable. */
public final class TrustedKeys {
    private final Map<String, PublicKey> keys; // by id

    private TrustedKeys(Map<String, PublicKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    static TrustedKeys of(List<PublicKey> keys) {
        Map<String, PublicKey> byId = new LinkedHashMap<>();
        keys.forEach(key -> byId.put(PackageSignature.keyId(key), key));
        return new TrustedKeys(byId);
    }

    /**
     * Reads public keys, one after the other in PEM.
     *
     * @throws UnusableFileException when there is none or one is not Ed25519
     */
    public static TrustedKeys parse(String name, byte[] pem) throws UnusableFileException {
        return of(Pem.ed25519Keys(name, pem));
    }

    /** Returns the names of the keys. */
    public Set<String> ids() {
        return keys.keySet();
    }

    /** Returns whether one of the signatures is that of a trusted key over the digest. */
    public boolean isTrusted(String digest, Collection<PackageSignature> signatures) {
        return signatures.stream().anyMatch(signature -> isRight(digest, signature));
    }

    private boolean isRight(String digest, PackageSignature signature) {
        PublicKey key = keys.get(signature.keyId());
        if (key == null) {
            return false;
        }
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(PackageSignature.signed(digest));
            return check.verify(HexFormat.of().parseHex(signature.hex()));
        } catch (GeneralSecurityException e) {
            return false; // a signature that is none
        }
    }
}
