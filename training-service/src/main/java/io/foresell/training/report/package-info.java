/**
 * What is known of one trained model enters, one page of HTML for people leaves: complete in itself, without scripts, the same bytes for
 * the same model. Every text that is not the page's own is escaped.
 */
@NullMarked
package io.foresell.training.report;

import org.jspecify.annotations.NullMarked;
