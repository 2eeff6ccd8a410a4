package io.foresell.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** Opens the one file of an embedded store, and says in words why it could not. */
final class StoreFile {
    static final String NAME = "store.mv.db";

    private StoreFile() {}

    /** Opens or creates the file in a folder, which is created when missing. */
    static MVStore open(Path folder) {
        Path file = usableFolder(folder).resolve(NAME);
        if (Files.exists(file) && !(Files.isRegularFile(file) && Files.isWritable(file))) {
            throw new EmbeddedStoreException("store file: %s (expected: a regular file that this user may write)"
                    .formatted(file.toAbsolutePath()));
        }
        try {
            return bounded(new MVStore.Builder()
                    .fileName(file.toString())
                    .autoCommitDisabled()
                    .autoCommitBufferSize(0)
                    .open());
        } catch (MVStoreException cause) {
            throw refusal(file, cause);
        }
    }

    static MVStore inMemory() {
        return new MVStore.Builder().autoCommitDisabled().open();
    }

    /**
     * Keeps no old versions, or the file grows without bound. Background commits are off above: they write after they have
     * let go of the lock, so a command could find nothing left to commit and be answered before the file holds it.
     */
    private static MVStore bounded(MVStore store) {
        store.setVersionsToKeep(0);
        store.setRetentionTime(0);
        return store;
    }

    private static Path usableFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException cause) {
            throw new EmbeddedStoreException(
                    "store folder: %s (expected: a folder that this user may create)"
                            .formatted(folder.toAbsolutePath()),
                    cause);
        }
        if (!Files.isWritable(folder)) {
            throw new EmbeddedStoreException("store folder: %s (expected: a folder that this user may write)"
                    .formatted(folder.toAbsolutePath()));
        }
        return folder;
    }

    private static EmbeddedStoreException refusal(Path file, MVStoreException cause) {
        String expectation =
                switch (cause.getErrorCode()) {
                    case DataUtils.ERROR_FILE_LOCKED -> "not in use by another process";
                    case DataUtils.ERROR_FILE_CORRUPT,
                            DataUtils.ERROR_UNSUPPORTED_FORMAT,
                            DataUtils.ERROR_CHUNK_NOT_FOUND,
                            DataUtils.ERROR_INTERNAL -> "an undamaged store file; restore a copy or move it away";
                    default -> "a file that can be read and written";
                };
        return new EmbeddedStoreException(
                "store file: %s (expected: %s): %s".formatted(file.toAbsolutePath(), expectation, cause.getMessage()),
                cause);
    }
}
