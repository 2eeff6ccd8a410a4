package io.foresell.model.scorer;

/**
 * Class probabilities out of the probability of each pair of classes: Wu, Lin and Weng, "Probability estimates for multi-class
 * classification by pairwise coupling" (2004), algorithm 2. LIBSVM and ONNX Runtime stop it early, so what is answered depends on
 * the order of operations, which is kept here.
 */
final class PairwiseCoupling {
    private static final int MAX_ROUNDS = 100;

    private PairwiseCoupling() {}

    /** Returns how many floats of working memory it needs. */
    static int workSize(int classes) {
        return 2 * classes * classes + classes;
    }

    /**
     * Writes the class probabilities.
     *
     * @param work of {@link #workSize}, holding at i * classes + j the probability of i against j
     * @param out where the probabilities of the classes start in {@code memory}
     */
    static void couple(int classes, float[] work, float[] memory, int out) {
        int q = classes * classes;
        int qp = 2 * q;
        fillMatrix(classes, work, q);
        for (int i = 0; i < classes; i++) {
            memory[out + i] = 1f / classes;
        }
        float tolerance = 0.005f / classes;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            float pqp = 0;
            for (int i = 0; i < classes; i++) {
                float sum = 0;
                for (int j = 0; j < classes; j++) {
                    sum += work[q + i * classes + j] * memory[out + j];
                }
                work[qp + i] = sum;
                pqp += memory[out + i] * sum;
            }
            if (greatestError(classes, work, qp, pqp) < tolerance) {
                return;
            }
            improve(classes, work, memory, out, pqp);
        }
    }

    private static void fillMatrix(int classes, float[] r, int q) {
        for (int i = 0; i < classes; i++) {
            float diagonal = 0;
            for (int j = 0; j < classes; j++) {
                if (j != i) {
                    float against = r[j * classes + i];
                    diagonal += against * against;
                    int low = Math.min(i, j);
                    int high = Math.max(i, j);
                    r[q + i * classes + j] = -r[high * classes + low] * r[low * classes + high];
                }
            }
            r[q + i * classes + i] = diagonal;
        }
    }

    private static float greatestError(int classes, float[] work, int qp, float pqp) {
        float greatest = 0;
        for (int i = 0; i < classes; i++) {
            greatest = Math.max(greatest, Math.abs(work[qp + i] - pqp));
        }
        return greatest;
    }

    private static void improve(int classes, float[] work, float[] memory, int out, float start) {
        int q = classes * classes;
        int qp = 2 * q;
        float pqp = start;
        for (int i = 0; i < classes; i++) {
            float diagonal = work[q + i * classes + i];
            float step = (-work[qp + i] + pqp) / diagonal;
            memory[out + i] += step;
            pqp = (pqp + step * (step * diagonal + 2 * work[qp + i])) / (1 + step) / (1 + step);
            for (int j = 0; j < classes; j++) {
                work[qp + j] = (work[qp + j] + step * work[q + i * classes + j]) / (1 + step);
                memory[out + j] /= 1 + step;
            }
        }
    }
}
