/** Trees and ensembles of them; the only package that knows XGBoost. */
@NullMarked
package io.foresell.training.fit.tree;

import org.jspecify.annotations.NullMarked;
