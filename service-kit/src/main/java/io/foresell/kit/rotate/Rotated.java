package io.foresell.kit.rotate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value read from files, read again when their bytes change. Files are compared by content, not by time: a mounted Kubernetes
 * secret is a link that is swapped, and times of links lie. Any thread reads the value, one polls.
 */
public final class Rotated<T> implements Supplier<T>, Polled {
    private static final Logger log = LoggerFactory.getLogger(Rotated.class);
    private static final int MAX_BYTES = 4 << 20;

    /** Makes a value of the bytes of the files, in their order. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(List<byte[]> contents) throws UnusableFileException;
    }

    private final String name;
    private final List<Path> files;
    private final Parser<T> parser;
    private volatile T value;
    private volatile String problem = "";
    private List<byte[]> seen; // the bytes of the value; touched by the polling thread only, after the first read

    private Rotated(String name, List<Path> files, Parser<T> parser, T value, List<byte[]> seen) {
        this.name = name;
        this.files = List.copyOf(files);
        this.parser = parser;
        this.value = value;
        this.seen = seen;
    }

    /**
     * Reads the files for the first time.
     *
     * @param name what the files are, for messages and as a metric's tag, such as {@code tls}
     * @throws UnusableFileException when they cannot be read or used
     */
    public static <T> Rotated<T> read(String name, List<Path> files, Parser<T> parser) throws UnusableFileException {
        List<byte[]> contents = contents(name, files);
        return new Rotated<>(name, files, parser, parser.parse(contents), contents);
    }

    private static List<byte[]> contents(String name, List<Path> files) throws UnusableFileException {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : files) {
            try {
                long bytes = Files.size(file);
                if (bytes > MAX_BYTES) {
                    throw new UnusableFileException(
                            "%s: %s has %d bytes (expected: 0..%d)".formatted(name, file, bytes, MAX_BYTES));
                }
                contents.add(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new UnusableFileException("%s: %s cannot be read (expected: a file)".formatted(name, file), e);
            }
        }
        return contents;
    }

    @Override
    public T get() {
        return value;
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns why the files as they are now are not in use; empty when they are. */
    @Override
    public String problem() {
        return problem;
    }

    @Override
    public boolean poll() {
        try {
            List<byte[]> contents = contents(name, files);
            if (isSame(contents, seen)) {
                said(""); // also when a bad file was put back
                return false;
            }
            // The files of one rotation may be written one after the other: a pair that does not fit is looked at
            // again.
            value = parser.parse(contents);
            seen = contents;
            said("");
            log.info("read again name={}", name);
            return true;
        } catch (UnusableFileException e) {
            said(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void said(String now) {
        if (!now.isEmpty() && !now.equals(problem)) {
            log.error("cannot be used, the one before stays in use name={} cause=\"{}\"", name, now);
        }
        problem = now;
    }

    private static boolean isSame(List<byte[]> left, List<byte[]> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!Arrays.equals(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }
}
