/** Reads keys and certificates in PEM. Text enters, objects of the JDK leave. */
@NullMarked
package io.foresell.kit.pem;

import org.jspecify.annotations.NullMarked;
