package io.foresell.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.model.onnx.AttributeProto.AttributeType;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.scorer.GraphReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends runs of graphs with loops when they take too long: only those can run for ever. */
final class RunLimit {
    private static final Logger log = LoggerFactory.getLogger(RunLimit.class);

    private final Duration limit;

    RunLimit(Duration limit) {
        this.limit = limit;
    }

    /** Says whether nodes carry graphs of their own, as loops do, or call functions of the file, which may. */
    static boolean isNeeded(byte[] onnx) {
        List<NodeProto> nodes = GraphReader.parse(onnx).getGraph().getNodeList();
        return nodes.stream().flatMap(node -> node.getAttributeList().stream()).anyMatch(attribute -> {
            AttributeType type = attribute.getType();
            return type == AttributeType.GRAPH || type == AttributeType.GRAPHS;
        });
    }

    /**
     * Runs a session.
     *
     * @throws OrtException when it fails or takes longer than the limit
     */
    OrtSession.Result run(OrtSession session, Map<String, OnnxTensor> inputs, Set<String> outputs) throws OrtException {
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            Termination termination = new Termination(options);
            Future<?> alarm = Timer.THREAD.schedule(termination::end, limit.toMillis(), TimeUnit.MILLISECONDS);
            try {
                return session.run(inputs, outputs, options);
            } finally {
                alarm.cancel(false);
                termination.forget();
            }
        }
    }

    /** The options of a run as long as they exist. */
    private static final class Termination {
        @GuardedBy("this")
        private final OrtSession.RunOptions options;

        @GuardedBy("this")
        private boolean isOver;

        Termination(OrtSession.RunOptions options) {
            this.options = options;
        }

        synchronized void end() {
            try {
                if (!isOver) {
                    options.setTerminate(true);
                }
            } catch (OrtException e) {
                log.warn("onnxruntime run not ended", e);
            }
        }

        synchronized void forget() {
            isOver = true;
        }
    }

    /** Starts its thread with the first graph that needs it. */
    private static final class Timer {
        static final ScheduledExecutorService THREAD = timer();

        private static ScheduledExecutorService timer() {
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
                Thread thread = new Thread(work, "onnxruntime-run-limit");
                thread.setDaemon(true);
                return thread;
            });
            timer.setRemoveOnCancelPolicy(true);
            return timer;
        }
    }
}
