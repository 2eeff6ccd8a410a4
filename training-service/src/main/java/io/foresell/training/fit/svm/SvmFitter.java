package io.foresell.training.fit.svm;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Kernel;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.ParallelTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fits support vector machines. Probabilities come from decision values for rows that a machine did not learn from: five more
 * machines, each without a fifth of the rows.
 */
final class SvmFitter implements Fitter {
    /** Most rows of a kernel machine: time grows with their square and more. */
    static final int MAX_KERNEL_ROWS = 50_000;

    // Rows times columns in memory (400 MB), and vectors times columns in a package (48 MB).
    private static final long MAX_CELLS = 100_000_000;
    private static final long MAX_VECTOR_CELLS = 12_000_000;

    private final Svm parameters;
    private final int threadCount;

    SvmFitter(Svm parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        requireSmall(request.fold().rowCount(), preprocessing.encodedWidth());
        SvmRows rows = new SvmRows(preprocessing, encodings.rows());
        request.requireWanted();
        Kernel kernel = kernel(rows);
        SvmTargets targets = SvmTargets.of(request);
        List<Machine> machines = new ArrayList<>();
        List<Calibration> calibrations = new ArrayList<>();
        List<Solution> solutions = new ArrayList<>();
        int solutionsPerMachine = targets.isRegression() ? 1 : 1 + SvmTargets.FOLDS;
        int solutionCount = targets.machineCount() * solutionsPerMachine;
        @Nullable
        KernelRows kernelRows = kernel.kind() == Kernel.Kind.LINEAR ? null : new KernelRows(rows, kernel, threadCount);
        ParallelTasks.run(
                threadCount,
                solutionCount,
                request,
                (index, isStopped) -> {
                    int fold = index % solutionsPerMachine - 1;
                    Problem problem = targets.problem(index / solutionsPerMachine, fold, parameters);
                    return solve(rows, kernelRows, problem, isStopped);
                },
                (Solution solution) -> {
                    solutions.add(solution);
                    if (solutions.size() == solutionsPerMachine) {
                        Problem problem = targets.problem(machines.size(), -1, parameters);
                        machines.add(Machine.of(rows, kernel, solutions.get(0)));
                        if (!targets.isRegression()) {
                            calibrations.add(
                                    new PlattFit(targets.heldBack(solutions), problem.targets(), request.weights())
                                            .fit());
                        }
                        solutions.clear();
                    }
                    int done = machines.size() * solutionsPerMachine + solutions.size();
                    request.listener().progressed(done, solutionCount, Double.NaN);
                });
        requirePackable(machines, rows.width);
        return new FittedSvm(
                preprocessing,
                kernel,
                machines,
                calibrations,
                targets,
                request.fold().classes());
    }

    private static Solution solve(
            SvmRows rows, @Nullable KernelRows kernelRows, Problem problem, BooleanSupplier isStopped) {
        return kernelRows == null
                ? new LinearSolver(rows, problem, isStopped).solve()
                : new KernelSolver(kernelRows, problem, isStopped).solve();
    }

    private Kernel kernel(SvmRows rows) {
        double variance = rows.variance();
        double gamma = parameters.gamma() > 0 ? parameters.gamma() : variance > 0 ? 1 / (rows.width * variance) : 1;
        return switch (parameters.kernel()) {
            case LINEAR -> Kernel.linear();
            case RBF -> Kernel.rbf(gamma);
            case POLYNOMIAL -> Kernel.polynomial(gamma, parameters.offset(), parameters.degree());
        };
    }

    private void requireSmall(int rowCount, int width) {
        if (parameters.kernel() != KernelKind.LINEAR && rowCount > MAX_KERNEL_ROWS) {
            throw tooLarge("rows of a kernel machine", rowCount, MAX_KERNEL_ROWS);
        }
        if ((long) rowCount * width > MAX_CELLS) {
            throw tooLarge("rows times encoded columns", (long) rowCount * width, MAX_CELLS);
        }
    }

    private static void requirePackable(List<Machine> machines, int width) {
        long cells =
                (long) width * machines.stream().mapToInt(Machine::vectorCount).sum();
        if (cells > MAX_VECTOR_CELLS) {
            throw tooLarge("support vectors times encoded columns", cells, MAX_VECTOR_CELLS);
        }
    }

    private static ServiceException tooLarge(String what, long count, long most) {
        return new ServiceException(Failure.precondition(
                "SVM_TOO_LARGE",
                "%s: %d (expected: at most %d; fewer rows, fewer categories, or kernel linear)"
                        .formatted(what, count, most)));
    }
}
