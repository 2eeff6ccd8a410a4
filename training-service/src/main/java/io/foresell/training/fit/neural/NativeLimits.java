package io.foresell.training.fit.neural;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/** Bounds what a network takes of processor and native memory. */
final class NativeLimits {
    // Measured with 64 x 16 on two cores: two threads took three times the processor time of one, and longer.
    private static final long THREADED_STEP_CELLS = 1 << 21;
    /** Parameters, gradients, two moments of Adam, the best parameters, and one to spare. */
    private static final int COPIES_OF_PARAMETERS = 6;
    /** Activations, their gradients, and what operators keep for themselves. */
    private static final int COPIES_OF_ACTIVATIONS = 3;

    private static final long MIB = 1 << 20;

    private NativeLimits() {}

    /** Small steps are fastest on one thread: more of them would only wait for each other after every operation. */
    static void useThreads(int threadCount, long stepCells) {
        int threads = stepCells < THREADED_STEP_CELLS ? 1 : threadCount;
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        Nd4j.factory().blas().setMaxThreads(threads);
    }

    /** Refuses a network that the native memory of the process cannot hold while it is trained. */
    static void requireRoom(ComputationGraph network, int networkCount, long stepCells) {
        long needed = Float.BYTES
                * ((COPIES_OF_PARAMETERS + networkCount - 1L) * network.numParams()
                        + COPIES_OF_ACTIVATIONS * stepCells);
        long allowed = Pointer.maxBytes();
        if (allowed > 0 && needed > allowed) {
            throw new ServiceException(Failure.precondition(
                    "NETWORK_TOO_LARGE",
                    "native memory to train %d parameters: about %d MiB (expected: at most %d; fewer units, a smaller"
                                    .formatted(network.numParams(), needed / MIB, allowed / MIB)
                            + " batch_size or shorter sequences)"));
        }
    }
}
