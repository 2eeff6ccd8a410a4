/** Naive Bayes: the columns of a row as independent given its class. */
@NullMarked
package io.foresell.training.fit.bayes;

import org.jspecify.annotations.NullMarked;
