package io.foresell.standalone.demo;

import io.foresell.cli.command.CommandTree;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.standalone.cluster.DataFolder;
import io.foresell.standalone.cluster.Ports;
import io.foresell.standalone.company.DemoCompany;
import io.foresell.standalone.company.DemoSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes the demo company from nothing to answers: files, definitions, rows, models, release. Every step from the definitions on is the
 * {@code foresell} command that a person would type, and is printed as such.
 */
public final class DemoRun {
    static final String MODEL = "churn";

    private static final String END_DATE = "end_date";
    private static final String INGESTED = "ingested";
    private static final String TRAINED = "trained";
    private static final String CUSTOMER = "customer";

    /** View and file, in the order they are sent. */
    private static final List<List<String>> SOURCES = List.of(
            List.of("customers", "customers.csv"),
            List.of("products", "products.csv"),
            List.of("orders", "orders.csv"),
            List.of("sessions", "sessions.csv"),
            List.of("support_messages", "support_messages.csv"),
            List.of("churn", "churn_labels.csv"));

    private final Path folder;
    private final Ports ports;
    private final long seed;
    private final int customerCount;
    private final PrintStream out;
    private final DemoSteps steps;

    public DemoRun(DataFolder data, Ports ports, long seed, int customerCount, PrintStream out) {
        this.folder = data.demo();
        this.ports = ports;
        this.seed = seed;
        this.customerCount = customerCount;
        this.out = out;
        this.steps = new DemoSteps(folder);
    }

    /** Returns the customer to ask about when an earlier start completed the demo. */
    public Optional<String> customerWhenComplete() {
        return steps.result(CUSTOMER);
    }

    /**
     * Does every step that is not done yet.
     *
     * @return the customer to ask about
     * @throws ServiceException when a step fails; the steps before it stay done
     */
    public Optional<String> complete() {
        if (customerWhenComplete().isPresent()) {
            return customerWhenComplete();
        }
        String endDate = steps.result(END_DATE)
                .orElseGet(() -> LocalDate.now(ZoneOffset.UTC).toString());
        steps.finish(END_DATE, endDate);
        if (steps.result(INGESTED).isEmpty()) {
            generate(LocalDate.parse(endDate));
            foresell("define", resource("definitions.yaml"));
            SOURCES.forEach(source -> foresell("ingest", source.get(0), file(source.get(1))));
            steps.finish(INGESTED, "yes");
        }
        if (steps.result(TRAINED).isEmpty()) {
            train();
            steps.finish(TRAINED, "yes");
        }
        foresell("release", MODEL + "@latest", "--reason", "best of the demo's candidates");
        steps.finish(CUSTOMER, new DemoCustomers(file("customers.csv"), ports).riskiest());
        return customerWhenComplete();
    }

    private void generate(LocalDate endDate) {
        out.printf("making up a company: %d customers, two years until %s%n", customerCount, endDate);
        try {
            DemoCompany.generate(new DemoSettings(seed, endDate, customerCount), folder);
        } catch (UncheckedIOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "DEMO_FOLDER_UNUSABLE", "%s: %s (expected: writable)".formatted(folder, e.getMessage())),
                    e);
        }
    }

    /** Starts the training job, or follows the one that an earlier start of this process left behind. */
    private void train() {
        Optional<Job> earlier = earlierJob();
        if (earlier.isPresent()) {
            foresell("jobs", "watch", earlier.get().getId());
        } else {
            foresell("train", resource("churn.yaml"));
        }
    }

    private Optional<Job> earlierJob() {
        try (Telemetry telemetry = Telemetry.local("demo");
                GrpcClient client =
                        GrpcClient.open(Ports.local(ports.training()), WireSettings.local(0, 0), telemetry)) {
            return TrainingServiceGrpc.newBlockingStub(client.channel())
                    .listJobs(ListJobsRequest.newBuilder().setModel(MODEL).build())
                    .getJobsList()
                    .stream()
                    .filter(job -> job.getState() == JobState.JOB_STATE_QUEUED
                            || job.getState() == JobState.JOB_STATE_RUNNING
                            || job.getState() == JobState.JOB_STATE_SUCCEEDED)
                    .findFirst();
        }
    }

    /** Runs one command against this process and prints it first. */
    private void foresell(String... arguments) {
        out.println();
        out.println("$ foresell " + String.join(" ", arguments));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("FORESELL_FEATURE_STORE", Ports.local(ports.featureStore()));
        environment.put("FORESELL_TRAINING", Ports.local(ports.training()));
        environment.put("FORESELL_INFERENCE", Ports.local(ports.inference()));
        environment.put("FORESELL_ACTOR", "demo");
        int exitCode = CommandTree.run(Terminal.system(environment), environment, arguments);
        if (exitCode != 0) {
            throw new ServiceException(Failure.precondition(
                    "DEMO_STEP_FAILED", "foresell %s: ended with %d (expected: 0)".formatted(arguments[0], exitCode)));
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    /** Copies a resource beside the files, where the person can read it and edit it. */
    private String resource(String name) {
        try (InputStream in = DemoRun.class.getResourceAsStream("/demo/" + name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + name);
            }
            Path target = folder.resolve(name);
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            return target.toString();
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition("DEMO_FOLDER_UNUSABLE", "%s: %s (expected: writable)".formatted(folder, e)),
                    e);
        }
    }
}
