/** Support vector machines: few rows decide, compared by a kernel. */
@NullMarked
package io.foresell.training.fit.svm;

import org.jspecify.annotations.NullMarked;
