package io.foresell.inference.fetch;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache folder: {@code <digest>.zip} per package and {@code releases.json}, the releases served last. A file appears
 * whole or not at all (temporary file, fsync, atomic rename). One process owns the folder, guarded by a lock file. Used by
 * the load lane's thread only, after start, but for {@link #read}, which any thread may call.
 */
public final class PackageStore implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PackageStore.class);
    private static final String STATE = "releases.json";
    private static final String PART = ".part";
    private static final String PACKAGE = ".zip";
    private static final String SIGNATURES = ".sig";

    private final Path folder;
    private final long maxBytes;
    private final FileChannel lockFile;

    private PackageStore(Path folder, long maxBytes, FileChannel lockFile) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.lockFile = lockFile;
    }

    /**
     * Opens the folder, making it when missing, and removes what an interrupted download left.
     *
     * @param maxBytes above this, packages that no release routes to are deleted, oldest use first
     * @throws ServiceException FAILED_PRECONDITION when it cannot be written or another process has it
     */
    public static PackageStore open(Path folder, long maxBytes) {
        try {
            Files.createDirectories(folder);
            PackageStore store = new PackageStore(folder, maxBytes, lock(folder));
            store.deleteParts();
            return store;
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "CACHE_FOLDER_UNWRITABLE",
                            "cache.folder: %s cannot be written (expected: a writable folder)".formatted(folder)),
                    e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel; // closing the channel releases the lock, and so does the end of the process
            }
        } catch (OverlappingFileLockException e) {
            log.debug("lock is held in this process folder={}", folder, e);
        }
        channel.close();
        throw new ServiceException(Failure.precondition(
                "CACHE_FOLDER_IN_USE",
                "cache.folder: %s is used by another process (expected: a folder of its own)".formatted(folder)));
    }

    private void deleteParts() throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
            for (Path part : parts) {
                Files.delete(part);
            }
        }
    }

    private Path fileOf(String digest) {
        return folder.resolve(digest + PACKAGE);
    }

    /** Returns the bytes of a package, not verified, or nothing when it is not here. */
    public Optional<byte[]> read(String digest) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(fileOf(digest));
            Files.setLastModifiedTime(fileOf(digest), FileTime.fromMillis(System.currentTimeMillis()));
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns whether a package is here; not verified. */
    public boolean has(String digest) {
        return Files.exists(fileOf(digest));
    }

    /** Returns a small file of a component's own; empty when it is not here or cannot be read. */
    public String readNote(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            log.warn("not read, going on without file={}", name, e);
            return "";
        }
    }

    /** Replaces a small file of a component's own. */
    public void writeNote(String name, String text) throws IOException {
        Path part = folder.resolve(name + PART);
        Files.writeString(part, text);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes a package whose bytes turned out wrong, so that it is fetched again. */
    public void discard(String digest) throws IOException {
        Files.deleteIfExists(fileOf(digest));
    }

    /**
     * Writes a package from its chunks and keeps it only when size and SHA-256 are as announced.
     *
     * @throws ServiceException DATA_LOSS when they are not; nothing is kept then
     */
    public void write(RoutedVersion version, Iterator<ByteBuffer> chunks) throws IOException {
        Path part = folder.resolve(version.digest() + PART);
        try {
            String actual = copy(version, chunks, part);
            if (!actual.equals(version.digest())) {
                throw corrupted("digest", actual, version.digest());
            }
            moveInPlace(part, fileOf(version.digest()));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String copy(RoutedVersion version, Iterator<ByteBuffer> chunks, Path part) throws IOException {
        MessageDigest sha = sha256();
        long length = 0;
        try (FileChannel file = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (chunks.hasNext()) {
                ByteBuffer chunk = chunks.next();
                length += chunk.remaining();
                if (length > version.packageBytes()) {
                    throw corrupted("package_bytes", "above " + version.packageBytes(), version.packageBytes());
                }
                sha.update(chunk.duplicate());
                while (chunk.hasRemaining()) {
                    file.write(chunk);
                }
            }
            file.force(true);
        }
        if (length != version.packageBytes()) {
            throw corrupted("package_bytes", length, version.packageBytes());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static ServiceException corrupted(String field, Object actual, Object expected) {
        return new ServiceException(Failure.dataLoss(
                "PACKAGE_CORRUPTED", "%s of the download: %s (expected: %s)".formatted(field, actual, expected)));
    }

    private void moveInPlace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true); // makes the new name itself durable
        }
    }

    /** Returns the signatures of a package that were kept, one {@code KEY_ID HEX} a line; empty when none were. */
    String readSignatures(String digest) throws IOException {
        try {
            return Files.readString(folder.resolve(digest + SIGNATURES));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** Keeps the signatures of a package. */
    void writeSignatures(String digest, String signatures) throws IOException {
        Path part = folder.resolve(digest + SIGNATURES + PART);
        Files.writeString(part, signatures);
        moveInPlace(part, folder.resolve(digest + SIGNATURES));
    }

    /** Returns the releases served last; none when there never was one or the file cannot be read. */
    public List<Release> readReleases() {
        Path state = folder.resolve(STATE);
        try {
            return RegistryProtos.fromJson(Files.readString(state));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | IllegalArgumentException e) {
            log.error("releases served last cannot be read, asking the registry file={}", state, e);
            return List.of();
        }
    }

    /** Replaces the releases served last. */
    public void writeReleases(Collection<Release> releases) throws IOException {
        Path part = folder.resolve(STATE + PART);
        try (FileChannel file = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(RegistryProtos.toJson(releases).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        moveInPlace(part, folder.resolve(STATE));
    }

    /** Deletes packages outside of {@code keep}, least recently used first, until the folder fits its budget. */
    public void prune(Set<String> keep) throws IOException {
        record Candidate(Path file, long bytes, FileTime usedAt) {}
        List<Candidate> candidates = new ArrayList<>();
        long totalBytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + PACKAGE)) {
            for (Path file : files) {
                long bytes = Files.size(file);
                totalBytes += bytes;
                if (!keep.contains(digestOf(file))) {
                    candidates.add(new Candidate(file, bytes, Files.getLastModifiedTime(file)));
                }
            }
        }
        candidates.sort(Comparator.comparing(Candidate::usedAt));
        for (Candidate candidate : candidates) {
            if (totalBytes <= maxBytes) {
                return;
            }
            Files.deleteIfExists(candidate.file());
            Files.deleteIfExists(folder.resolve(digestOf(candidate.file()) + SIGNATURES));
            totalBytes -= candidate.bytes();
            log.info("package pruned digest={} bytes={}", digestOf(candidate.file()), candidate.bytes());
        }
        if (totalBytes > maxBytes) {
            log.warn("cache above its budget, all packages are released bytes={} budget={}", totalBytes, maxBytes);
        }
    }

    private static String digestOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - PACKAGE.length());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
