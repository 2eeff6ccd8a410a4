package io.foresell.model.pack;

import io.foresell.model.Signature;
import io.foresell.model.manifest.Manifest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Writes package files: the same content always gives the same bytes, hence the same digest. */
public final class PackageWriter {
    private PackageWriter() {}

    /**
     * Returns the package file.
     *
     * @throws io.foresell.model.PackageException when the content could not be read back
     */
    public static byte[] write(PackageContent content) {
        Signature signature = content.signature();
        content.background().requireShape(signature);
        Manifest manifest = ManifestJson.versioned(content.manifest());
        GoldenJson golden = new GoldenJson(signature, content.answer(), manifest.getFormatVersion());
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(Entries.MANIFEST, ManifestJson.write(manifest));
        entries.put(Entries.ONNX, content.onnx());
        entries.put(Entries.REASONS, ReasonsJson.write(content.background(), signature));
        entries.put(Entries.GOLDEN, golden.write(content.goldenRows()));
        new TreeMap<>(content.source()).forEach((name, bytes) -> entries.put(Entries.SOURCE + name, bytes));
        byte[] packageBytes = Entries.write(entries);
        ModelPackage.read(packageBytes);
        return packageBytes;
    }
}
