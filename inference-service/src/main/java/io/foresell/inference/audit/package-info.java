/**
 * Orders of callers to load and unload models, on their way to the audit log of the registry. Attempts enter; each is a file that is durable
 * before the order is carried out, and leaves, in order, when the registry has it in its chain. Knows nothing of how orders are carried out.
 */
@NullMarked
package io.foresell.inference.audit;

import org.jspecify.annotations.NullMarked;
