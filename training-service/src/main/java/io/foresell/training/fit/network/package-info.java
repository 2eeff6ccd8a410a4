/** A fitted DL4J network enters, the model module's description of the same network leaves; nothing is fitted here. */
@NullMarked
package io.foresell.training.fit.network;

import org.jspecify.annotations.NullMarked;
