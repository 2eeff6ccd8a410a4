package io.foresell.training.fit.neural;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells fits apart: equal only for the same rows, parameters, seed and library. */
final class FitFingerprint {
    private static final int SHOWN_BYTES = 16;
    private static final int CHUNK = 8192;

    private FitFingerprint() {}

    /** Returns 32 hexadecimal digits. */
    static String of(NeuralNetwork algorithm, NetworkGraph graph, long seed, NetworkRows fitted, NetworkRows heldBack) {
        MessageDigest digest = sha256();
        digest.update((algorithm.asText() + " " + seed + " " + FittedNetworks.versions()
                        + graph.inputs().sources())
                .getBytes(StandardCharsets.UTF_8));
        for (NetworkRows rows : new NetworkRows[] {fitted, heldBack}) {
            for (float[] values : rows.values()) {
                add(digest, values);
            }
            add(digest, rows.labels());
            add(digest, rows.weights());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, SHOWN_BYTES);
    }

    private static void add(MessageDigest digest, float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            buffer.clear().asFloatBuffer().put(values, from, count);
            digest.update(buffer.array(), 0, count * Float.BYTES);
        }
        digest.update((byte) '|');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
