package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Support vector machines with one kernel, one score each: the decision value of a binary one, the value of a regression,
 * or one per class against the rest. Calibrate decision values by Platt. Encode numbers on similar scales.
 */
public final class SvmModel extends ScoreModel {
    private final Kernel kernel;
    private final List<SvmMachine> machines;

    /** Takes machines over the same columns, 1 or more. */
    public SvmModel(Kernel kernel, List<SvmMachine> machines) {
        this.kernel = kernel;
        this.machines = List.copyOf(machines);
        if (machines.isEmpty()) {
            throw new IllegalArgumentException("machines: 0 (expected: 1 or more)");
        }
        for (SvmMachine machine : machines) {
            Parameters.requireLength("columns of a machine", machine.inputs, inputs());
        }
    }

    @Override
    public int inputs() {
        return machines.get(0).inputs;
    }

    @Override
    public int outputs() {
        return machines.size();
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        List<String> scores = new ArrayList<>();
        for (SvmMachine machine : machines) {
            scores.add(
                    kernel.kind() == Kernel.Kind.LINEAR
                            ? linear(machine, encoded, graph)
                            : kernel(machine, encoded, graph));
        }
        return graph.concat(scores);
    }

    /** The sum over linear kernels is one dot product. */
    private static String linear(SvmMachine machine, String encoded, GraphBuilder graph) {
        float[] weights = new float[machine.inputs];
        for (int i = 0; i < weights.length; i++) {
            double sum = 0;
            for (int vector = 0; vector < machine.coefficients.length; vector++) {
                sum += (double) machine.coefficients[vector] * machine.supportVectors[vector * weights.length + i];
            }
            weights[i] = (float) sum;
        }
        return graph.dense(encoded, weights, new float[] {machine.bias});
    }

    private String kernel(SvmMachine machine, String encoded, GraphBuilder graph) {
        return graph.mlNode(
                "SVMRegressor",
                List.of(encoded),
                GraphBuilder.text("kernel_type", kernel.kind().name()),
                GraphBuilder.numbers("kernel_params", List.of((float) kernel.gamma(), (float) kernel.offset(), (float)
                        kernel.degree())),
                GraphBuilder.numbers("support_vectors", Parameters.list(machine.supportVectors)),
                GraphBuilder.integer("n_supports", machine.coefficients.length),
                GraphBuilder.numbers("coefficients", Parameters.list(machine.coefficients)),
                GraphBuilder.numbers("rho", List.of(machine.bias)),
                GraphBuilder.text("post_transform", "NONE"));
    }
}
