package io.foresell.gateway;

import io.foresell.gateway.config.GatewayConfig;
import io.foresell.gateway.problem.Problem;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** What callers must send to come in. With one shared token only its holders do; where a credential is required nobody without one. */
@Singleton
public class Credentials {
    private final byte[] expected;
    private final boolean isRequired;

    Credentials(GatewayConfig config) {
        this.expected = config.token()
                .map(token -> ("Bearer " + token).getBytes(StandardCharsets.UTF_8))
                .orElse(new byte[0]);
        this.isRequired = config.credential().required();
    }

    /** Returns whether a caller comes in. */
    public boolean isAccepted(@Nullable String sent) {
        return refusal(sent) == null;
    }

    /** Returns why a caller does not come in; null when it does. */
    @Nullable
    Problem refusal(@Nullable String sent) {
        if (expected.length > 0 && !isToken(sent)) {
            return refused("TOKEN_REQUIRED", "missing or wrong (expected: the bearer token of the cluster)");
        }
        if (isRequired && sent == null) {
            return refused("CREDENTIAL_MISSING", "missing (expected: Bearer with an API key or a token of the issuer)");
        }
        return null;
    }

    /** A comparison in constant time tells nothing about how much of a guess was right. */
    private boolean isToken(@Nullable String sent) {
        return sent != null && MessageDigest.isEqual(expected, sent.getBytes(StandardCharsets.UTF_8));
    }

    private static Problem refused(String reason, String words) {
        return Problem.of(401, reason, "authorization: " + words);
    }
}
