package io.foresell.inference.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that the registry does not have yet: a file each, numbered in the order they came, whole or not there at all. Bounded: one above is
 * refused, and attempts that were refused themselves take no more than half, so that who may not give orders cannot keep those from it who
 * may. One process owns the folder. Files are written by one thread and deleted by another; everything else is for any thread and does not
 * wait for the disk.
 */
final class AuditOutbox {
    /** Most reports kept. */
    static final int CAPACITY = 1_000;

    private static final Logger log = LoggerFactory.getLogger(AuditOutbox.class);
    private static final String REPORT = ".json";
    private static final String PART = ".part";
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Path folder;
    private final int capacity;
    private final int unreadableCount;

    @GuardedBy("this")
    private final SortedMap<Long, ActionReport> waiting = new TreeMap<>(); // by number

    @GuardedBy("this")
    private int reservedCount;

    @GuardedBy("this")
    private long lastNumber;

    /** A report and its number here. */
    record Numbered(long number, ActionReport report) {}

    private AuditOutbox(Path folder, int capacity, Map<Long, ActionReport> found, int unreadableCount) {
        this.folder = folder;
        this.capacity = capacity;
        this.unreadableCount = unreadableCount;
        waiting.putAll(found);
        lastNumber = waiting.isEmpty() ? 0 : waiting.lastKey();
    }

    /**
     * Opens the folder, making it when missing. Orders that no outcome was written for were cut short with the process, and say so.
     *
     * @throws ServiceException FAILED_PRECONDITION when it cannot be read or written
     */
    static AuditOutbox open(Path folder, int capacity) {
        SortedMap<Long, ActionReport> found = new TreeMap<>();
        int unreadableCount = 0;
        try {
            Files.createDirectories(folder);
            try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
                for (Path part : parts) {
                    Files.delete(part);
                }
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + REPORT)) {
                for (Path file : files) {
                    unreadableCount += read(file, found) ? 0 : 1;
                }
            }
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "AUDIT_FOLDER_UNWRITABLE",
                            "folder %s: cannot be read or written (expected: a folder of its own in cache.folder)"
                                    .formatted(folder)),
                    e);
        }
        return new AuditOutbox(folder, capacity, found, unreadableCount);
    }

    private static boolean read(Path file, Map<Long, ActionReport> found) throws IOException {
        String name = String.valueOf(file.getFileName());
        try {
            long number = Long.parseLong(name.substring(0, name.length() - REPORT.length()));
            ActionReport report = ReportProtos.fromJson(Files.readString(file));
            found.put(number, report.isFinished() ? report : report.finished(ActionReport.INTERRUPTED));
            return true;
        } catch (IllegalArgumentException e) {
            log.error("audit report cannot be read, kept for a person to look at file={}.unreadable", file, e);
            Files.move(file, file.resolveSibling(name + ".unreadable"), StandardCopyOption.REPLACE_EXISTING);
            return false;
        }
    }

    /** Returns how many reports the disk spoilt. */
    int unreadableCount() {
        return unreadableCount;
    }

    /**
     * Keeps room for one report, until it is added or {@link #release}d.
     *
     * @throws ServiceException RESOURCE_EXHAUSTED when there is none
     */
    synchronized void reserve() {
        if (waiting.size() + reservedCount >= capacity) {
            throw new ServiceException(Failure.exhausted(
                    "AUDIT_OUTBOX_FULL",
                    "audit reports that the registry does not have yet: %d (expected: below %d)"
                            .formatted(waiting.size() + reservedCount, capacity),
                    RETRY));
        }
        reservedCount++;
    }

    /** Keeps room for the report of a refused attempt, or returns false. */
    synchronized boolean isReservedForRefusal() {
        if (waiting.size() + reservedCount >= capacity / 2) {
            return false;
        }
        reservedCount++;
        return true;
    }

    /** Gives back the room of a report that does not come. */
    synchronized void release() {
        reservedCount--;
    }

    /** Adds a report in the room kept for it; returns its number when it is durable. */
    long add(ActionReport report) throws IOException {
        long number;
        synchronized (this) {
            number = ++lastNumber;
        }
        try {
            write(number, report);
            synchronized (this) {
                waiting.put(number, report);
            }
        } finally {
            release();
        }
        return number;
    }

    /** Adds the outcome of an order; the report goes on its way even when the disk does not take it. */
    void finish(long number, String outcome) throws IOException {
        ActionReport report;
        synchronized (this) {
            report = waiting.get(number);
        }
        if (report == null) {
            throw new IllegalStateException("no report " + number);
        }
        try {
            write(number, report.finished(outcome));
        } finally {
            synchronized (this) {
                waiting.put(number, report.finished(outcome));
            }
        }
    }

    private void write(long number, ActionReport report) throws IOException {
        Path file = file(number);
        Path part = folder.resolve(number + PART);
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(ReportProtos.toJson(report).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true); // makes the new name itself durable
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Path file(long number) {
        return folder.resolve("%012d%s".formatted(number, REPORT));
    }

    /** Returns the oldest report when its outcome is known; null when there is none or its order is being carried out. */
    synchronized @Nullable Numbered head() {
        if (waiting.isEmpty()) {
            return null;
        }
        ActionReport report = waiting.get(waiting.firstKey());
        return report != null && report.isFinished() ? new Numbered(waiting.firstKey(), report) : null;
    }

    /** Forgets a report that the registry has. Should its file stay, it is sent once more after a restart, which changes nothing. */
    void delivered(long number) {
        try {
            Files.deleteIfExists(file(number));
        } catch (IOException e) {
            log.warn("audit report delivered, its file stays number={}", number, e);
        }
        synchronized (this) {
            waiting.remove(number);
        }
    }

    /** Returns how many reports wait. */
    synchronized int size() {
        return waiting.size();
    }

    /** Returns when the oldest report that waits happened; 0 when none does. */
    synchronized long oldestMillis() {
        ActionReport oldest = waiting.isEmpty() ? null : waiting.get(waiting.firstKey());
        return oldest == null ? 0 : oldest.happenedAtMillis();
    }
}
