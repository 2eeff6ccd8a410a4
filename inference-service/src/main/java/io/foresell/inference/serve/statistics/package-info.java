/** Tells what this server serves and what it counted under each release: {@code ReleaseStatisticsService}. Reads only. */
@NullMarked
package io.foresell.inference.serve.statistics;

import org.jspecify.annotations.NullMarked;
