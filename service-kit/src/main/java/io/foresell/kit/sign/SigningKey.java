package io.foresell.kit.sign;

import io.foresell.kit.pem.Pem;
import io.foresell.kit.rotate.UnusableFileException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HexFormat;
import java.util.List;

/** A key pair that signs packages; read from one file with both halves. Immutable. */
public final class SigningKey {
    private final PrivateKey secret;
    private final PublicKey open;

    private SigningKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
    }

    /** Makes a new pair. */
    public static SigningKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new SigningKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java 17 has Ed25519", e);
        }
    }

    /**
     * Reads a pair: a private and a public key in PEM, in one file.
     *
     * @throws UnusableFileException when one is missing or they do not belong together
     */
    public static SigningKey parse(String name, byte[] pem) throws UnusableFileException {
        PrivateKey secret = Pem.privateKey(name, pem);
        List<PublicKey> open = Pem.ed25519Keys(name, pem);
        SigningKey key = new SigningKey(secret, open.get(0));
        String probe = "0".repeat(64);
        if (!secret.getAlgorithm().startsWith("Ed")
                || !TrustedKeys.of(open).isTrusted(probe, List.of(key.sign(probe)))) {
            throw new UnusableFileException(
                    name + ": not a pair (expected: an Ed25519 private key and its public key)");
        }
        return key;
    }

    /** Signs the package with that digest. */
    public PackageSignature sign(String digest) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(secret);
            signature.update(PackageSignature.signed(digest));
            return new PackageSignature(
                    PackageSignature.keyId(open), HexFormat.of().formatHex(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key", e);
        }
    }

    /** Returns the name of the key. */
    public String id() {
        return PackageSignature.keyId(open);
    }

    /** Returns both halves in PEM: a secret. */
    public String secretPem() {
        return Pem.text("PRIVATE KEY", secret.getEncoded()) + openPem();
    }

    /** Returns the public half in PEM, for those who verify. */
    public String openPem() {
        return Pem.text("PUBLIC KEY", open.getEncoded());
    }
}
