package io.foresell.cli.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;

/** The module with which a JVM scores networks several times faster, and the remark that the JVM makes about it. */
final class VectorModule {
    static final String NAME = "jdk.incubator.vector";

    private static final byte[] REMARK =
            ("WARNING: Using incubator modules: " + NAME + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    private static final int CHUNK_BYTES = 8 << 10;

    private VectorModule() {}

    /** Returns whether this JVM offers the module, and so a child of the same java. */
    static boolean isOffered() {
        return ModuleFinder.ofSystem().find(NAME).isPresent();
    }

    /** Starts to copy the errors of a child to our own; the thread ends with the child's stream. */
    static Thread copyErrors(Process child) {
        Thread copy = new Thread(
                () -> {
                    try (InputStream errors = child.getErrorStream()) {
                        copyWithoutRemark(
                                errors,
                                new BufferedOutputStream(new FileOutputStream(FileDescriptor.err), CHUNK_BYTES));
                    } catch (IOException e) {
                        System.err.println("the errors of the services are not shown any more: " + e.getMessage());
                    }
                },
                "child-errors");
        copy.setDaemon(true);
        copy.start();
        return copy;
    }

    /** Copies all bytes as they come, a half line included, apart from lines that are the remark. */
    static void copyWithoutRemark(InputStream from, OutputStream to) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        int held = 0; // bytes of the remark at the start of this line, not yet copied; -1 in a line that is another
        for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
            for (int i = 0; i < count; i++) {
                if (held >= 0 && chunk[i] == REMARK[held]) {
                    held = (held + 1) % REMARK.length;
                    continue;
                }
                to.write(REMARK, 0, Math.max(0, held));
                to.write(chunk[i]);
                held = chunk[i] == '\n' ? 0 : -1;
            }
            to.flush();
        }
        to.write(REMARK, 0, Math.max(0, held));
        to.flush();
    }
}
