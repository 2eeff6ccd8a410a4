package io.foresell.inference.serve.log;

import com.sun.management.ThreadMXBean;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.inference.record.LogSettings;
import io.foresell.inference.route.RowCost;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.VersionMeters;
import io.foresell.inference.serve.RowScoring;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.model.Rows;
import io.foresell.model.pack.ModelPackage;
import io.foresell.onnxruntime.RunnablePackage;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * What logging costs the thread that scores, beside what one answer costs without it. Run by hand: the main method prints the median of
 * eleven rounds, in time of the processor, so that other work on the machine matters less. No log answers, so that nothing but the scoring thread's own part is measured.
 */
public final class RecordingCost {
    private static final int ROUNDS = 11;
    private static final int CALLS = 200_000;

    private final ServedVersion served;
    private final Rows row = new Rows(1, new float[] {12, 70}, new String[] {"gold"});
    private final Asked asked = new Asked(PredictionKind.PREDICTION_KIND_ONLINE, 1, null, 0, "en", 5, "");
    private final String[] subjects = new String[1024];
    private final ScoredRow[] answers = new ScoredRow[1024];

    private RecordingCost() {
        RunnablePackage loaded = RunnablePackage.load(ModelPackage.read(TestPackages.logistic("churn", 0)), 1);
        served = new ServedVersion(
                1,
                loaded.modelPackage(),
                loaded.scorer(),
                "",
                Duration.ZERO,
                new RowCost(0, 0),
                new VersionMeters(new SimpleMeterRegistry(), "churn", 1));
        for (int i = 0; i < answers.length; i++) {
            subjects[i] = "C-%06d".formatted(i);
            answers[i] = RowScoring.score(served, null, row, 0, "en", 5, "").get(0);
            int unused = answers[i].getSerializedSize(); // as when it is sent
        }
    }

    public static void main(String[] arguments) {
        RecordingCost cost = new RecordingCost();
        cost.print("one answer, without logging", 0, true, 1 << 20);
        cost.print("logging off", 0, false, 1 << 20);
        cost.print("10 % of subjects", 10, false, 1 << 20);
        cost.print("100 % of subjects", 100, false, 1 << 20);
        cost.print("100 %, the queue is full", 100, false, 16);
        System.exit(0);
    }

    private void print(String what, int percent, boolean isScored, int queueLength) {
        double[] nanos = new double[ROUNDS];
        double[] bytes = new double[ROUNDS];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        LogSettings settings = new LogSettings(percent, 0, Map.of(), Math.min(1_000_000, queueLength), 10_000_000_000L);
        for (int round = 0; round < ROUNDS; round++) {
            try (Telemetry telemetry = Telemetry.local("cost");
                    GrpcClient nobody = GrpcClient.open("localhost:1", WireSettings.local(0, 0), telemetry);
                    PredictionLog log = PredictionLog.start(nobody, settings, Duration.ofMillis(1), telemetry)) {
                long bytesBefore = threads.getCurrentThreadAllocatedBytes();
                long startNanos = threads.getCurrentThreadCpuTime();
                int unused = isScored ? score() : record(log);
                nanos[round] = (double) (threads.getCurrentThreadCpuTime() - startNanos) / CALLS;
                bytes[round] = (double) (threads.getCurrentThreadAllocatedBytes() - bytesBefore) / CALLS;
            }
        }
        Arrays.sort(nanos);
        Arrays.sort(bytes);
        System.out.printf(Locale.ROOT, "%-30s %8.1f ns %8.1f bytes%n", what, nanos[ROUNDS / 2], bytes[ROUNDS / 2]);
    }

    private int record(PredictionLog log) {
        for (int i = 0; i < CALLS; i++) {
            Sampling sampling = log.sampling("churn", PredictionKind.PREDICTION_KIND_ONLINE);
            if (!sampling.isOff()) {
                int at = i & (answers.length - 1);
                log.log(sampling, served, asked, subjects[at], answers[at], row, 0);
            }
        }
        return CALLS;
    }

    private int score() {
        int sum = 0;
        for (int i = 0; i < CALLS; i++) {
            sum += RowScoring.score(served, null, row, 0, "en", 5, "").size();
        }
        return sum;
    }
}
