package io.foresell.model.kernel;

/**
 * Finds out once which variant works here. The system property {@code foresell.kernels} ("plain" or "vector") overrides;
 * without the module, or when anything about it fails, it is plain Java.
 */
final class KernelChoice {
    static final Kernels BEST = choose();

    private static final float TOLERANCE = 1e-5f;

    private KernelChoice() {}

    private static Kernels choose() {
        String wanted = System.getProperty("foresell.kernels", "");
        if (wanted.equals("plain") || (wanted.isEmpty() && !isCompiledWell())) {
            return PlainKernels.INSTANCE;
        }
        try {
            Kernels vector = vector();
            return isRight(vector) ? vector : PlainKernels.INSTANCE;
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            // The module is not resolved, or is of another kind: nothing is lost but speed.
            return PlainKernels.INSTANCE;
        }
    }

    /** Vectors are objects until the second compiler removes them: without it they are far slower than plain code. */
    private static boolean isCompiledWell() {
        String mode = System.getProperty("java.vm.info", "");
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && mode.contains("mixed mode")
                && !mode.contains("emulated-client");
    }

    /** Returns the variant in {@code src/main/java-vector}, which only this line knows. */
    static Kernels vector() throws ReflectiveOperationException {
        return Class.forName("io.foresell.model.kernel.VectorKernels")
                .asSubclass(Kernels.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    private static boolean isRight(Kernels kernels) {
        float[] weights = new float[15];
        float[] memory = new float[3 + 5 + Kernels.OVERRUN];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i - 7;
        }
        memory[0] = 1;
        memory[1] = -2;
        memory[2] = 3;
        kernels.dense(weights, new float[] {1, 2, 3, 4, 5}, false).run(memory, 0, memory, 3);
        for (int o = 0; o < 5; o++) {
            float expected = 1 + o + weights[o] - 2 * weights[5 + o] + 3 * weights[10 + o];
            if (!(Math.abs(memory[3 + o] - expected) < TOLERANCE)) {
                return false;
            }
        }
        return true;
    }
}
