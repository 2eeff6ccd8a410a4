/** Ensembles: several algorithms fitted on the same fold, their answers averaged or stacked into one graph. */
@NullMarked
package io.foresell.training.fit.ensemble;

import org.jspecify.annotations.NullMarked;
