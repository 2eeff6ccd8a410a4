package io.foresell.training.job;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of jobs on this machine: one per job, the same at every attempt. Thread-safe for different jobs. */
final class JobFolders {
    private static final Logger log = LoggerFactory.getLogger(JobFolders.class);
    private static final int MAX_LOG_BYTES = 64 << 10;

    private final Path root;

    JobFolders(Path root) {
        this.root = root;
    }

    /** Makes a job's folder ready for an attempt: what an earlier one left beside its checkpoints goes. */
    void prepare(JobRun.JobFolder folder) {
        try {
            delete(folder.output());
            delete(folder.temporary());
            delete(folder.champion());
            Files.createDirectories(folder.checkpoints());
            Files.createDirectories(folder.temporary());
            Files.createDirectories(folder.output());
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "JOB_FOLDER_UNWRITABLE",
                            "jobs.folder: %s (expected: a writable folder with space)".formatted(e.getMessage())),
                    e);
        }
    }

    /** Names a job's folder; touches nothing. */
    JobRun.JobFolder folder(String jobId) {
        return new JobRun.JobFolder(root.resolve(jobId));
    }

    /** Deletes what an ended job needs no longer; spec, results and log stay until they are swept. */
    void ended(String jobId) {
        JobRun.JobFolder folder = folder(jobId);
        delete(folder.checkpoints());
        delete(folder.temporary());
        delete(folder.champion());
        try (Stream<Path> files = Files.exists(folder.output()) ? Files.list(folder.output()) : Stream.empty()) {
            files.filter(file -> !file.endsWith("results.json")).toList().forEach(JobFolders::delete);
        } catch (IOException e) {
            log.warn("job folder not emptied job={}", jobId, e);
        }
    }

    /** Returns the end of what a job printed; empty when nothing is kept here. */
    String logTail(String jobId) {
        Path file = folder(jobId).log();
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            int count = (int) Math.min(MAX_LOG_BYTES, in.length());
            in.seek(in.length() - count);
            byte[] bytes = new byte[count];
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            log.warn("log not readable job={}", jobId, e);
            return "";
        }
    }

    /** Deletes folders that nothing was written to since. */
    void sweep(Instant unusedSince) {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.toList()) {
                if (lastUse(folder).isBefore(unusedSince)) {
                    delete(folder);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("job folders not swept folder={}", root, e);
        }
    }

    private static Instant lastUse(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            Instant last = Instant.MIN;
            for (Path file : files.toList()) {
                Instant modified = Files.getLastModifiedTime(file).toInstant();
                last = modified.isAfter(last) ? modified : last;
            }
            return last;
        }
    }

    private static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("not deleted path={}", path, e);
        }
    }
}
