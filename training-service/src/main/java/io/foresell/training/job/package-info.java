/**
 * Training jobs. Checked specs enter a bounded durable queue in MongoDB; progress, judged candidates and published versions
 * leave. One worker thread runs one job at a time under a lease, so that a job survives the death of its process. Owns the
 * collection of jobs.
 */
@NullMarked
package io.foresell.training.job;

import org.jspecify.annotations.NullMarked;
