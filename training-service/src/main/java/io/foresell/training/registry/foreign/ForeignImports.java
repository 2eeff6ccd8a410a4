package io.foresell.training.registry.foreign;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.ModelVersion;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes foreign files in, a few at once since each is held in memory, and publishes the packages made of them. Thread-safe. */
public final class ForeignImports {
    private static final Logger log = LoggerFactory.getLogger(ForeignImports.class);
    private static final int MAX_OPEN = 2;
    private static final String DEFAULT_FILE_NAME = "original.onnx";
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    private final ModelRegistry registry;
    private final Semaphore uploads = new Semaphore(MAX_OPEN);
    private final Semaphore making = new Semaphore(1, true); // takes several times the file's size

    public ForeignImports(ModelRegistry registry) {
        this.registry = registry;
    }

    /** What came of an import. */
    public record Imported(ModelVersion version, String engine, String fallbackReason, List<String> warnings) {}

    /** A file on its way in, in memory. Closing makes room for the next. Not thread-safe. */
    public final class Upload implements AutoCloseable {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean isClosed;

        private Upload() {}

        /**
         * Appends the next bytes.
         *
         * @throws ServiceException INVALID_ARGUMENT when the file becomes larger than allowed
         */
        public void write(byte[] chunk) {
            if (bytes.size() > ForeignPackage.MAX_ONNX_BYTES - chunk.length) {
                throw new ServiceException(Failure.invalid(
                        "FILE_TOO_LARGE",
                        "onnx_bytes",
                        "more than " + ForeignPackage.MAX_ONNX_BYTES,
                        "1.." + ForeignPackage.MAX_ONNX_BYTES));
            }
            bytes.writeBytes(chunk);
        }

        private byte[] complete() {
            if (bytes.size() == 0) {
                throw new ServiceException(Failure.invalid("FILE_EMPTY", "onnx_bytes", 0, "an ONNX file"));
            }
            return bytes.toByteArray();
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                uploads.release();
            }
        }
    }

    /**
     * Opens an upload; at most {@value #MAX_OPEN} are open at once.
     *
     * @throws ServiceException RESOURCE_EXHAUSTED when too many are open
     */
    public Upload open() {
        if (!uploads.tryAcquire()) {
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_IMPORTS",
                    "open imports: %d (expected: at most %d)".formatted(MAX_OPEN + 1, MAX_OPEN),
                    Duration.ofSeconds(1)));
        }
        return new Upload();
    }

    /** Drafts the signature of a file. */
    public SignatureDraft inspect(Upload upload) {
        return SignatureDraft.of(upload.complete());
    }

    /**
     * Checks what can be said before the file is there.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field
     */
    public static void require(String model, String fileName, ForeignSignature signature) {
        Names.require("header.model", model);
        if (!fileName.isEmpty() && !FILE_NAME.matcher(fileName).matches()) {
            throw new ServiceException(Failure.invalid(
                    "FILE_NAME_INVALID",
                    "header.file_name",
                    fileName,
                    "letters, digits, '.', '_' and '-', at most 100"));
        }
        boolean hasHash = !signature.featureSetHash().isEmpty();
        if (signature.featureSet().isEmpty() == hasHash
                || signature.featureSet().isEmpty() != signature.entity().isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "SIGNATURE_INVALID",
                    "signature.feature_set",
                    "'%s' with entity '%s' and a hash of %d characters"
                            .formatted(
                                    signature.featureSet(),
                                    signature.entity(),
                                    signature.featureSetHash().length()),
                    "entity, feature_set and feature_set_hash together, or none of them"));
        }
    }

    /**
     * Makes a package of an upload and publishes it as the next version.
     *
     * @throws ServiceException INVALID_ARGUMENT when file, signature and sample do not fit together
     */
    public Imported publish(String model, String fileName, ForeignSignature signature, Upload upload, Sample sample) {
        require(model, fileName, signature);
        String keptAs = fileName.isEmpty() ? DEFAULT_FILE_NAME : fileName;
        ForeignPackage made = made(model, keptAs, signature, upload, sample);
        ModelVersion version = registry.publications().publish(model, "", made.bytes());
        log.info(
                "imported model={} version={} engine={} fallback_reason=\"{}\"",
                model,
                version.version(),
                made.engine(),
                made.fallbackReason());
        return new Imported(version, made.engine(), made.fallbackReason(), made.warnings());
    }

    private ForeignPackage made(
            String model, String fileName, ForeignSignature signature, Upload upload, Sample sample) {
        making.acquireUninterruptibly();
        try {
            return ForeignPackage.of(model, fileName, upload.complete(), signature, sample);
        } finally {
            making.release();
        }
    }
}
