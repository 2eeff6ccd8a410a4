/**
 * Trainings that are repeated. Schedules enter and are kept in MongoDB; jobs leave, each start once however many processes look. Owns the
 * collection of schedules.
 */
@NullMarked
package io.foresell.training.job.schedule;

import org.jspecify.annotations.NullMarked;
