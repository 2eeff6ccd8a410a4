/**
 * The audit log: every action that changes what serves, here or, as reported, at another server, and every refused attempt. Drafts enter, entries of a chain leave, and none is
 * ever changed. Knows nothing of releases and of the wire.
 */
@NullMarked
package io.foresell.training.registry.audit;

import org.jspecify.annotations.NullMarked;
