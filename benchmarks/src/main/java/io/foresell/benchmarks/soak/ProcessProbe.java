package io.foresell.benchmarks.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.foresell.benchmarks.load.ProcessMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Java process on this machine what it holds, through its own management interface: exact, and the same for every process. Its process is to run with
 * {@code -XX:NativeMemoryTracking=summary}, which alone knows of the buffers that network libraries take past the JDK's accounts. Not thread-safe.
 */
final class ProcessProbe implements AutoCloseable {
    /** Argument of the virtual machine of a process that is to be asked. */
    static final String TRACKING = "-XX:NativeMemoryTracking=summary";

    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB\\)");
    private static final double KIB_PER_MIB = 1024;
    private static final double BYTES_PER_MIB = 1 << 20;

    private final String name;
    private final long pid;
    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final MemoryMXBean memory;
    private final ThreadMXBean threads;
    private final UnixOperatingSystemMXBean system;

    private ProcessProbe(String name, long pid, JMXConnector connector) throws IOException {
        this.name = name;
        this.pid = pid;
        this.connector = connector;
        this.server = connector.getMBeanServerConnection();
        this.memory = ManagementFactory.getPlatformMXBean(server, MemoryMXBean.class);
        this.threads = ManagementFactory.getPlatformMXBean(server, ThreadMXBean.class);
        this.system = ManagementFactory.getPlatformMXBean(server, UnixOperatingSystemMXBean.class);
    }

    /**
     * Begins to ask a process.
     *
     * @throws IOException when it cannot be asked
     */
    @SuppressWarnings("BanJNDI") // Of a process that this one started, over an address that it told by itself.
    static ProcessProbe attach(String name, long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                JMXServiceURL address = new JMXServiceURL(machine.startLocalManagementAgent());
                return new ProcessProbe(name, pid, JMXConnectorFactory.connect(address));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("process %d: cannot be attached to (expected: a Java process)".formatted(pid), e);
        }
    }

    String name() {
        return name;
    }

    /** Collects garbage and returns what the heap holds then, MiB. */
    double heapMib() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed() / BYTES_PER_MIB;
    }

    /** Returns live threads, without those that answer these questions. */
    int threadCount() {
        @Nullable ThreadInfo[] infos = threads.getThreadInfo(threads.getAllThreadIds());
        return (int) Arrays.stream(infos)
                .filter(info -> info != null
                        && !info.getThreadName().startsWith("RMI ")
                        && !info.getThreadName().startsWith("JMX "))
                .count();
    }

    /** Returns open files, sockets among them. */
    int openFileCount() {
        return (int) system.getOpenFileDescriptorCount();
    }

    /** Returns memory outside of the heap that was taken by hand, buffers of network libraries and the JDK's, MiB; NaN when it is not told. */
    double directMib() throws IOException {
        try {
            Object told = server.invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "vmNativeMemory",
                    new Object[] {new String[] {"summary"}},
                    new String[] {String[].class.getName()});
            return committedOther(String.valueOf(told));
        } catch (JMException e) {
            throw new IOException("process %d: does not tell its native memory".formatted(pid), e);
        }
    }

    static double committedOther(String summary) {
        Matcher other = OTHER.matcher(summary);
        return other.find() ? Long.parseLong(other.group(1)) / KIB_PER_MIB : Double.NaN;
    }

    double residentMib() {
        return ProcessMemory.residentMib(List.of(pid));
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
