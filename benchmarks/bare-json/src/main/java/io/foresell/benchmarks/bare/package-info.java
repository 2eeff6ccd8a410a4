/** An endpoint that does nothing but read and write JSON. A scoring request enters, always the same answer leaves. */
@NullMarked
package io.foresell.benchmarks.bare;

import org.jspecify.annotations.NullMarked;
