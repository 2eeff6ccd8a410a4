package io.foresell.training.serve;

import io.foresell.proto.training.v1.Svm;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.svm.KernelKind;
import org.jspecify.annotations.Nullable;

/** Support vector machines. */
final class SvmProtos {
    private static final double TINY = 1e-6; // stands for "above 0"

    private SvmProtos() {}

    static @Nullable Algorithm svm(String field, Svm message, SpecCheck check) {
        var by = io.foresell.training.fit.svm.Svm.DEFAULT;
        KernelKind kernel = kernel(field, message, check);
        double cost = check.number(field + ".cost", message.hasCost(), message.getCost(), by.cost(), TINY, 1e6);
        double gamma = check.number(field + ".gamma", message.hasGamma(), message.getGamma(), by.gamma(), 1e-9, 1e6);
        int degree = check.count(field + ".degree", message.getDegree(), by.degree(), 1, 10);
        double offset = check.number(field + ".offset", message.hasOffset(), message.getOffset(), by.offset(), 0, 1e6);
        double epsilon =
                check.number(field + ".epsilon", message.hasEpsilon(), message.getEpsilon(), by.epsilon(), 0, 1e3);
        return check.checked(
                field, () -> new io.foresell.training.fit.svm.Svm(kernel, cost, gamma, degree, offset, epsilon));
    }

    private static KernelKind kernel(String field, Svm message, SpecCheck check) {
        return switch (message.getKernel()) {
            case SVM_KERNEL_UNSPECIFIED, SVM_KERNEL_RBF -> KernelKind.RBF;
            case SVM_KERNEL_LINEAR -> KernelKind.LINEAR;
            case SVM_KERNEL_POLYNOMIAL -> KernelKind.POLYNOMIAL;
            case UNRECOGNIZED -> {
                check.refuse(field + ".kernel", message.getKernelValue(), "LINEAR, RBF or POLYNOMIAL");
                yield KernelKind.RBF;
            }
        };
    }
}
