/** Says which rows are unlike the others: encoded rows enter, a score per row leaves. */
@NullMarked
package io.foresell.training.fit.anomaly;

import org.jspecify.annotations.NullMarked;
