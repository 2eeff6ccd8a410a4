/**
 * A retailer that does not exist. In: a seed, an end date and a number of customers. Out: CSV files of two years, the same
 * for the same input, and what was planted in them. {@link io.foresell.standalone.company.CustomerLife} owns the
 * churn mechanism, {@link io.foresell.standalone.company.DirtyFile} the dirt; nothing here knows the services.
 */
@NullMarked
package io.foresell.standalone.company;

import org.jspecify.annotations.NullMarked;
