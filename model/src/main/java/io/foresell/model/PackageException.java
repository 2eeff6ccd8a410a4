package io.foresell.model;

/** A package or a graph was refused. The message states value and expectation; nothing of it was kept. */
public final class PackageException extends RuntimeException {
    /** Why it was refused. */
    public enum Reason {
        /** The bytes are not the ones announced. */
        DIGEST_MISMATCH,
        /** Not a complete zip file. */
        BAD_ARCHIVE,
        /** An entry name that no package has. */
        BAD_ENTRY_NAME,
        /** The file or an entry is larger than allowed. */
        TOO_LARGE,
        /** A required entry is not there. */
        MISSING_ENTRY,
        /** Written by a newer Foresell. */
        NEWER_FORMAT,
        /** manifest.json cannot be read or contradicts itself. */
        BAD_MANIFEST,
        /** reasons.json cannot be read or does not fit the signature. */
        BAD_REASONS,
        /** golden.jsonl cannot be read or does not fit the signature. */
        BAD_GOLDEN,
        /** The ONNX graph cannot be read or contradicts itself. */
        BAD_GRAPH,
        /** The scorer answers a golden row differently from the training library. */
        GOLDEN_MISMATCH
    }

    private final Reason reason;

    public PackageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public PackageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns why the package was refused; its name is stable, UPPER_SNAKE. */
    public Reason reason() {
        return reason;
    }
}
