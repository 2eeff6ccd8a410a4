package io.foresell.standalone;

import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.foresell.kit.ServiceProcess;
import io.foresell.standalone.cluster.DataFolder;
import io.foresell.standalone.cluster.LocalCluster;
import io.foresell.standalone.cluster.Ports;
import io.foresell.standalone.cluster.Wire;
import io.foresell.standalone.demo.DemoRun;
import io.grpc.StatusRuntimeException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts every service in one process, makes the demo company when asked to, and runs until it is told to stop. */
@Command(
        name = "foresell up",
        description = "Start every service in one process on this machine; Ctrl-C stops it.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
public final class StandaloneMain implements Callable<Integer> {
    @Option(names = "--demo", description = "Make the demo company, train its churn models and release the best.")
    private boolean isDemo;

    @Option(names = "--data", paramLabel = "FOLDER", defaultValue = ".foresell", description = "Data folder.")
    private Path data = Path.of(".foresell");

    @Option(names = "--gateway-port", paramLabel = "PORT", defaultValue = "8080", description = "REST and console.")
    private int gatewayPort;

    @Option(names = "--feature-store-port", paramLabel = "PORT", defaultValue = "9001", description = "gRPC.")
    private int featureStorePort;

    @Option(names = "--training-port", paramLabel = "PORT", defaultValue = "9002", description = "gRPC.")
    private int trainingPort;

    @Option(names = "--inference-port", paramLabel = "PORT", defaultValue = "9003", description = "gRPC.")
    private int inferencePort;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "localhost",
            description = "localhost, or 0.0.0.0 to listen on all interfaces.")
    private String host = "localhost";

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "Properties for the services: auth.*, tls.*, packages.* and grpc.max-*; SERVICE/KEY is for"
                    + " feature-store, training or inference alone.")
    private @Nullable Path settings;

    @Option(
            names = "--customers",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Customers of the demo company.")
    private int customerCount;

    @Option(
            names = "--ready-seconds",
            paramLabel = "N",
            defaultValue = "180",
            description = "How long the services may take to become ready, 0 to 3600.")
    private int readySeconds;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "20", description = "Seed of the demo company.")
    private long seed;

    @Option(names = "--parent-pid", hidden = true, description = "Stop when this process ends.")
    private @Nullable Long parentPid;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private StandaloneMain() {}

    public static void main(String[] arguments) {
        // Native memory of the networks is bounded beside the heap; read when ND4J loads, which is at the first
        // network.
        setDefault("org.bytedeco.javacpp.maxbytes", "1g");
        setDefault("org.bytedeco.javacpp.maxphysicalbytes", "4g");
        int exitCode = 1;
        try {
            exitCode = new CommandLine(new StandaloneMain())
                    .setOverwrittenOptionsAllowed(true) // the last one counts, as people expect of a command line
                    .execute(arguments);
        } finally {
            end(exitCode); // also after an Error: other threads would keep a broken process alive
        }
    }

    /** After a failure everything of ours is closed, but a gateway that was ended while it started waits for itself in its shutdown hook. */
    private static void end(int exitCode) {
        if (exitCode == 0) {
            System.exit(0);
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    @Override
    public Integer call() {
        PrintStream out = System.out;
        long startNanos = System.nanoTime();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
        followParent();
        try {
            Ports ports = new Ports(featureStorePort, trainingPort, inferencePort, gatewayPort);
            Wire wire = Wire.read(host, Optional.ofNullable(settings));
            if (isDemo && (wire.isAsking() || wire.isEncrypted())) {
                throw new ServiceException(Failure.invalid(
                        "USAGE", "--demo: asks without a key (expected: no --settings that ask for one)"));
            }
            DataFolder folder = DataFolder.open(data);
            logTo(folder);
            try (ServiceProcess.Resources resources = new ServiceProcess.Resources()) {
                resources.add(LocalCluster.start(
                        folder, ports, wire, readiness(), service -> out.println("starting " + service)));
                ReadyScreen screen = new ReadyScreen(out, ports, wire, folder);
                DemoRun demo = new DemoRun(folder, ports, seed, customerCount, out);
                Optional<String> customer = isDemo ? demo.complete() : demo.customerWhenComplete();
                customer = wire.isAsking() || wire.isEncrypted() ? Optional.empty() : customer;
                screen.print(startNanos, customer);
                stop.await();
                out.println("stopping");
            }
            return 0;
        } catch (ServiceException e) {
            System.err.println("failed: " + e.failure().message());
        } catch (StatusRuntimeException e) {
            System.err.println("failed: " + FailureStatus.fromStatus(e).message());
        } catch (IllegalArgumentException e) {
            System.err.println("failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
        return 1;
    }

    private Duration readiness() {
        if (readySeconds < 0 || readySeconds > 3600) {
            throw new ServiceException(Failure.invalid("USAGE", "--ready-seconds", readySeconds, "0..3600"));
        }
        return Duration.ofSeconds(readySeconds);
    }

    /** Runs on SIGTERM and Ctrl-C: asks the main thread to close the cluster and gives it time to. */
    private void stopAndWait() {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops when the command in front of us is gone, however it ended. */
    private void followParent() {
        if (parentPid != null) {
            ProcessHandle.of(parentPid).ifPresent(parent -> {
                CompletableFuture<Void> unused = parent.onExit().thenRun(stop::countDown);
            });
        }
    }

    /** The screen is for people; what services say goes to a file. Must run before the first logger is made. */
    private static void logTo(DataFolder folder) {
        setDefault("standalone.log", folder.log().toString());
        setDefault("logback.configurationFile", "logback-standalone.xml");
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        LoggerFactory.getLogger(StandaloneMain.class).info("starting data={}", folder.root());
    }
}
