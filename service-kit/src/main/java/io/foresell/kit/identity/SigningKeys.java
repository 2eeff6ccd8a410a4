package io.foresell.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import io.foresell.kit.rotate.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The public keys of an issuer. A key verifies the one algorithm that its type says; a header cannot choose another. Immutable. */
final class SigningKeys {
    private static final int MAX_KEYS = 100;
    private static final int MIN_RSA_BITS = 2048;
    /** What stands before the 32 bytes of an Ed25519 key in X.509 (RFC 8410, section 4). */
    private static final byte[] ED25519_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    @FunctionalInterface
    private interface Check {
        boolean isRight(JWSHeader header, byte[] signed, com.nimbusds.jose.util.Base64URL signature)
                throws JOSEException, GeneralSecurityException;
    }

    private record Key(@Nullable String id, String algorithm, Check check) {}

    /** What a look at a signature finds. */
    enum Found {
        RIGHT,
        WRONG,
        UNKNOWN_KEY
    }

    private final List<Key> keys;

    private SigningKeys(List<Key> keys) {
        this.keys = keys;
    }

    /** Reads a key set; what is of no use here (secret keys, other curves, keys for encryption) is left out. */
    static SigningKeys parse(byte[] jwks) throws UnusableFileException {
        try {
            List<Key> keys = new ArrayList<>();
            for (JWK jwk :
                    JWKSet.parse(new String(jwks, StandardCharsets.UTF_8)).getKeys()) {
                Key key = usable(jwk);
                if (key != null) {
                    keys.add(key);
                }
            }
            if (keys.isEmpty() || keys.size() > MAX_KEYS) {
                throw new UnusableFileException(
                        "auth.jwt.keys: %d usable keys (expected: 1..%d of RSA from %d bits, EC P-256 or Ed25519)"
                                .formatted(keys.size(), MAX_KEYS, MIN_RSA_BITS));
            }
            return new SigningKeys(List.copyOf(keys));
        } catch (ParseException | JOSEException | GeneralSecurityException e) {
            throw new UnusableFileException("auth.jwt.keys: not readable (expected: a JSON Web Key Set)", e);
        }
    }

    private static @Nullable Key usable(JWK jwk) throws JOSEException, GeneralSecurityException {
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return null;
        }
        Key key = null;
        if (jwk instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
            key = new Key(jwk.getKeyID(), "RS256", of(new RSASSAVerifier(rsa.toRSAPublicKey())));
        } else if (jwk instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)) {
            key = new Key(jwk.getKeyID(), "ES256", of(new ECDSAVerifier(ec.toECPublicKey())));
        } else if (jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
            key = new Key(jwk.getKeyID(), "EdDSA", ed25519(pair.getDecodedX()));
        }
        boolean isForAnother = key != null
                && jwk.getAlgorithm() != null
                && !jwk.getAlgorithm().getName().equals(key.algorithm());
        return isForAnother ? null : key;
    }

    private static Check of(JWSVerifier verifier) {
        return verifier::verify;
    }

    /** The JDK's own: the library would need another library for it. */
    private static Check ed25519(byte[] point) throws GeneralSecurityException {
        byte[] encoded = new byte[ED25519_HEAD.length + point.length];
        System.arraycopy(ED25519_HEAD, 0, encoded, 0, ED25519_HEAD.length);
        System.arraycopy(point, 0, encoded, ED25519_HEAD.length, point.length);
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        return (header, signed, signature) -> {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature.decode());
        };
    }

    /** Looks whether the signature is that of the key that the header names, or of any when it names none. */
    Found check(JWSHeader header, byte[] signed, com.nimbusds.jose.util.Base64URL signature) {
        Found found = Found.UNKNOWN_KEY;
        for (Key key : keys) {
            boolean isMeant = header.getKeyID() == null || header.getKeyID().equals(key.id());
            if (isMeant && key.algorithm().equals(header.getAlgorithm().getName())) {
                if (isRight(key, header, signed, signature)) {
                    return Found.RIGHT;
                }
                found = Found.WRONG;
            }
        }
        return found;
    }

    private static boolean isRight(
            Key key, JWSHeader header, byte[] signed, com.nimbusds.jose.util.Base64URL signature) {
        try {
            return key.check().isRight(header, signed, signature);
        } catch (JOSEException | GeneralSecurityException e) {
            return false; // e.g. a signature of another length
        }
    }
}
