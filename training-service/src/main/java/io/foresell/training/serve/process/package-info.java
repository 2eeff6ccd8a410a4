/**
 * Training as a process of its own (docs/training-job.md), both sides: the process, where settings and a spec enter and events, packages
 * and results leave; and the runner of jobs that starts such processes, bounds them and says what became of them.
 */
@NullMarked
package io.foresell.training.serve.process;

import org.jspecify.annotations.NullMarked;
