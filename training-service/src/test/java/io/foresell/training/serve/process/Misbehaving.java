package io.foresell.training.serve.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The main class of a process that dies in the way it is told. */
public final class Misbehaving {
    private static final int PAGE_BYTES = 4096;
    private static final long CHUNK_BYTES = 512L << 20;

    private Misbehaving() {}

    public static void main(String[] arguments) throws Exception {
        System.err.println("about to: " + arguments[0]);
        System.out.println(
                "{\"progress\":{\"stage\":\"fit\",\"fraction\":0.5,\"loss\":0.25,\"iteration\":%d,\"seconds_left\":4}}"
                        .formatted(ProcessHandle.current().pid()));
        System.out.println("a native library says hello");
        System.out.flush();
        switch (arguments[0]) {
            case "wait" -> Thread.sleep(Long.MAX_VALUE);
            case "ignore SIGTERM" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(Misbehaving::sleep));
                Thread.sleep(Long.MAX_VALUE);
            }
            case "fill the heap" -> fillHeap();
            case "fill memory" -> fillMemory();
            case "leave" -> System.exit(0);
            case "crash" -> Runtime.getRuntime().halt(134);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fillHeap() {
        List<long[]> hoard = new ArrayList<>();
        while (!hoard.isEmpty() || !System.err.checkError()) {
            hoard.add(new long[1 << 20]);
        }
    }

    /** Outside of the heap: pages of a sparse file. */
    private static void fillMemory() throws IOException, InterruptedException {
        Path file = Files.createTempFile("sparse", ".bin");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(CHUNK_BYTES);
            MappedByteBuffer mapped = sparse.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, CHUNK_BYTES);
            int sum = 0;
            for (int at = 0; at < CHUNK_BYTES; at += PAGE_BYTES) {
                sum += mapped.get(at);
            }
            System.err.println("read " + sum);
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
