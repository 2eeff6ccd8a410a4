package io.foresell.model.pack;

import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.scorer.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A package file that was read and checked, not yet compiled. Immutable. The training library's own files are left behind:
 * serving never reads them.
 */
public final class ModelPackage {
    private final String digest;
    private final long packageBytes;
    private final Signature signature;
    private final Answer answer;
    private final PackageContent content;

    private ModelPackage(String digest, long packageBytes, Signature signature, Answer answer, PackageContent content) {
        this.digest = digest;
        this.packageBytes = packageBytes;
        this.signature = signature;
        this.answer = answer;
        this.content = content;
    }

    /**
     * Reads a file.
     *
     * @throws io.foresell.model.PackageException when it is not a sound package
     */
    public static ModelPackage read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > Entries.MAX_PACKAGE_BYTES) {
            throw new PackageException(
                    Reason.TOO_LARGE,
                    "package: %d bytes (expected: at most %d)".formatted(size, Entries.MAX_PACKAGE_BYTES));
        }
        return read(Files.readAllBytes(file));
    }

    /**
     * Reads bytes.
     *
     * @throws io.foresell.model.PackageException when they are not a sound package
     */
    public static ModelPackage read(byte[] packageBytes) {
        Map<String, byte[]> entries = Entries.read(packageBytes);
        Manifest manifest = ManifestJson.read(required(entries, Entries.MANIFEST));
        Signature signature = ManifestJson.signature(manifest);
        Answer answer = ManifestJson.answer(manifest);
        Background background = ReasonsJson.read(required(entries, Entries.REASONS), signature);
        GoldenJson golden = new GoldenJson(signature, answer, manifest.getFormatVersion());
        List<GoldenRow> goldenRows = golden.read(required(entries, Entries.GOLDEN));
        byte[] onnx = required(entries, Entries.ONNX);
        return new ModelPackage(
                digestOf(packageBytes),
                packageBytes.length,
                signature,
                answer,
                new PackageContent(manifest, onnx, background, goldenRows, Map.of()));
    }

    private static byte[] required(Map<String, byte[]> entries, String name) {
        byte[] content = entries.get(name);
        if (content == null) {
            throw new PackageException(
                    Reason.MISSING_ENTRY,
                    "entry %s: missing (expected: %s, %s, %s and %s)"
                            .formatted(name, Entries.MANIFEST, Entries.ONNX, Entries.REASONS, Entries.GOLDEN));
        }
        return content;
    }

    /** Returns the lower-case hex SHA-256 of bytes: the identity of a package. */
    public static String digestOf(byte[] packageBytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(packageBytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the lower-case hex SHA-256 of the file. */
    public String digest() {
        return digest;
    }

    /** Returns the size of the file. */
    public long packageBytes() {
        return packageBytes;
    }

    /** Returns what the model says about itself. */
    public Manifest manifest() {
        return content.manifest();
    }

    /** Returns the inputs. */
    public Signature signature() {
        return signature;
    }

    /** Returns what the model answers. */
    public Answer answer() {
        return answer;
    }

    /** Returns the ONNX file; not a copy. */
    public byte[] onnx() {
        return content.onnx();
    }

    /** Returns what explanations compare a row with. */
    public Background background() {
        return content.background();
    }

    /** Returns the rows that every load replays. */
    public List<GoldenRow> goldenRows() {
        return content.goldenRows();
    }

    /** Returns the greatest difference of an answer to the golden one, relative to it where that is beyond 1. */
    public double goldenTolerance() {
        return ManifestJson.tolerance(manifest());
    }

    /**
     * Returns whether an answer is too unsure to be given: the row belongs to none of the classes.
     *
     * @param from where the row's answer starts
     */
    public boolean refuses(float[] answers, int from) {
        // Written so that a NaN answer is refused too.
        return manifest().hasRefuseBelow()
                && !(answer.confidence(answers, from) >= manifest().getRefuseBelow());
    }

    /** Returns the band an answer falls in: "low", "medium" or "high"; empty when another task than BINARY has no bands. */
    public String band(double value) {
        if (!manifest().hasBands() && answer.task() != Task.BINARY) {
            return "";
        }
        if (value < manifest().getBands().getMediumFrom()) {
            return "low";
        }
        return value < manifest().getBands().getHighFrom() ? "medium" : "high";
    }
}
